import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { RudanStack } from '../../infra/rudan-stack.ts';
import { readSettings } from '../../infra/settings.ts';

const projectRoot = join(import.meta.dirname, '../..');

export const stateMachinesFolder = join(projectRoot, 'statemachines');

export const apiFunctions = [
  'authorize',
  'place-order',
  'read-order',
  'list-orders',
  'list-order-events',
  'cancel-order-request',
  'record-payment',
  'record-outbound-slip',
  'record-shipment',
  'record-carrier-event',
  'request-upload',
  'read-upload-status',
];

export const orderSteps = [
  'audit-order',
  'reserve-stock',
  'await-payment',
  'await-outbound-slip',
  'await-shipment',
  'issue-invoice',
  'await-delivery',
  'complete-order',
  'hold-order',
  'cancel-order',
  'reject-order',
  'report-stuck-order',
];

export const uploadSteps = ['read-upload', 'submit-batch', 'write-upload-result', 'fail-upload'];

export const allFunctions = [...apiFunctions, ...orderSteps, ...uploadSteps, 'send-mail', 'sweep-orders'];

const cdkContext = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'))).context;

export const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const aMachine = (steps: string[]): string => steps.map((name) => `\${${pascalCase(name)}}`).join(' ');

/** A folder with a bundle for each function, and machines that name each step: what a stack needs on disk. */
const fakeBuild = (folder: string): void => {
  for (const name of allFunctions) {
    mkdirSync(join(folder, 'dist', name), { recursive: true });
    writeFileSync(join(folder, 'dist', name, 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
  mkdirSync(join(folder, 'statemachines'));
  writeFileSync(join(folder, 'statemachines/order.asl.json'), aMachine(orderSteps));
  writeFileSync(join(folder, 'statemachines/upload.asl.json'), aMachine(uploadSteps));
};

type StackOptions = {
  context?: Record<string, unknown>;
  /** Changes what stands on disk before the stack is made. */
  prepare?: (folder: string) => void;
};

/** Makes the stack with the flags of cdk.json, out of bundles that stand in for the real ones, and removes all files after. */
export const aStack = ({ context = {}, prepare = () => {} }: StackOptions = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'rudan-infra-'));
  try {
    fakeBuild(folder);
    prepare(folder);
    const app = new App({ context: { ...cdkContext, ...context }, outdir: join(folder, 'cdk.out') });
    const stack = new RudanStack(app, {
      settings: readSettings(app.node),
      distFolder: join(folder, 'dist'),
      stateMachinesFolder: join(folder, 'statemachines'),
    });
    return { app, stack, template: Template.fromStack(stack) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
