import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { Registry, Resource } from '../assembly/registry.ts';
import type { FunctionSpec } from './function-spec.ts';
import { unpack } from './unpack.ts';

/** Lambda keeps an asynchronous event for six hours at most. */
const longestEventAgeSeconds = 21_600;

const functionSchema = z.object({
  Runtime: z.string().optional(),
  Handler: z.string().default('index.handler'),
  Code: z.object({ S3Key: z.string().optional(), ZipFile: z.string().optional() }),
  Environment: z
    .object({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
    .default({ Variables: {} }),
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
  Layers: z.array(z.string()).default([]),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
});

const invokeConfigSchema = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z.coerce.number().default(2),
  MaximumEventAgeInSeconds: z.coerce.number().default(longestEventAgeSeconds),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).default({}),
});

const queueOnly = (arn: string | undefined): { sqsArn: string } | undefined =>
  arn?.startsWith('arn:aws:sqs:') ? { sqsArn: arn } : undefined;

/** Functions that only serve custom resources act while a stack is deployed: they need no local run. */
const deployTimeArns = (registry: Registry): Set<string> =>
  new Set(
    registry
      .ofType(...registry.types().filter((type) => type.startsWith('Custom::')))
      .map((resource) => String(resource.property('ServiceToken'))),
  );

const codeFolder = async (
  { S3Key: key, ZipFile: inline }: z.infer<typeof functionSchema>['Code'],
  name: string,
  registry: Registry,
  stateDir: string,
): Promise<string> => {
  if (key !== undefined) {
    const path = registry.assetPath(key);
    if (statSync(path).isDirectory()) return path;
    const folder = join(stateDir, 'code', basename(key, '.zip'));
    await unpack(path, folder);
    return folder;
  }
  const folder = join(stateDir, 'code', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.cjs'), inline ?? '');
  return folder;
};

/** Reads the Node.js functions of the templates; `skipped` names other runtimes and layers, one line each. */
export const declaredFunctions = async (
  registry: Registry,
  stateDir: string,
): Promise<{ functions: FunctionSpec[]; skipped: string[] }> => {
  const deployTime = deployTimeArns(registry);
  const invokeConfigs = registry
    .ofType('AWS::Lambda::EventInvokeConfig')
    .map((resource) => resource.read(invokeConfigSchema));
  const functions: FunctionSpec[] = [];
  const skipped: string[] = [];
  const read = async (resource: Resource) => {
    const arn = resource.attribute('Arn');
    if (deployTime.has(arn)) return;
    const declared = resource.read(functionSchema);
    if (!declared.Runtime?.startsWith('nodejs')) {
      skipped.push(
        `AWS::Lambda::Function (${resource.logicalId}): runtime ${declared.Runtime ?? 'container image'}`,
      );
      return;
    }
    if (declared.Layers.length > 0) {
      skipped.push(`AWS::Lambda::Function (${resource.logicalId}): its layers`);
    }
    const asyncConfig = invokeConfigs.find(
      ({ FunctionName: name }) => name === resource.ref || name.startsWith(arn),
    );
    functions.push({
      name: resource.ref,
      arn,
      codeDir: await codeFolder(declared.Code, resource.ref, registry, stateDir),
      handler: declared.Handler,
      environment: declared.Environment.Variables,
      timeoutMs: declared.Timeout * 1000,
      memoryMb: declared.MemorySize,
      reservedConcurrency: declared.ReservedConcurrentExecutions,
      onFailure: queueOnly(asyncConfig?.DestinationConfig.OnFailure?.Destination),
      deadLetter: queueOnly(declared.DeadLetterConfig?.TargetArn),
      maxRetryAttempts: asyncConfig?.MaximumRetryAttempts ?? 2,
      maxEventAgeMs: (asyncConfig?.MaximumEventAgeInSeconds ?? longestEventAgeSeconds) * 1000,
    });
  };
  for (const resource of registry.ofType('AWS::Lambda::Function')) await read(resource);
  return { functions, skipped };
};
