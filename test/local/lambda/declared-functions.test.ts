import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { createRegistry } from '../../../local/assembly/registry.ts';
import { declaredFunctions } from '../../../local/lambda/declared-functions.ts';
import { unpack } from '../../../local/lambda/unpack.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'functions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const zip = async (files: Record<string, string>): Promise<string> => {
  const path = join(folder, 'code.zip');
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), name);
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path));
  return path;
};

const read = (
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>,
  assets: Record<string, string> = {},
) => {
  const template = {
    Resources: JSON.parse(JSON.stringify(Resources)),
    Parameters: {},
    Mappings: {},
    Conditions: {},
    Outputs: {},
  };
  const registry = createRegistry({
    assembly: { stacks: [{ name: 'Shop', template }], assets: new Map(Object.entries(assets)) },
    place: { region: 'us-east-1', accountId: '000000000000', sqsUrl: '', cognitoUrl: '' },
  });
  return declaredFunctions(registry, folder);
};

const nodeFunction = { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Key: 'abc.zip' } };

test('a function is read with its defaults, its environment and what its invoke configuration says', async () => {
  mkdirSync(join(folder, 'asset'));
  const { functions } = await read(
    {
      Plain: { Type: 'AWS::Lambda::Function', Properties: nodeFunction },
      Full: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          ...nodeFunction,
          Timeout: 10,
          MemorySize: 256,
          ReservedConcurrentExecutions: 3,
          Environment: { Variables: { SELF: { Ref: 'Plain' }, COUNT: 5 } },
        },
      },
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Full' },
          MaximumRetryAttempts: 0,
          MaximumEventAgeInSeconds: 60,
          DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dlq' } },
        },
      },
    },
    { 'abc.zip': join(folder, 'asset') },
  );
  expect(functions).toMatchObject([
    {
      name: 'Shop-Plain',
      timeoutMs: 3_000,
      memoryMb: 128,
      maxRetryAttempts: 2,
      environment: {},
      codeDir: join(folder, 'asset'),
    },
    {
      name: 'Shop-Full',
      timeoutMs: 10_000,
      memoryMb: 256,
      reservedConcurrency: 3,
      maxRetryAttempts: 0,
      maxEventAgeMs: 60_000,
      environment: { SELF: 'Shop-Plain', COUNT: '5' },
      onFailure: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:dlq' },
    },
  ]);
});

test('other runtimes and layers are named, handlers of custom resources are not', async () => {
  mkdirSync(join(folder, 'asset'));
  const { functions, skipped } = await read(
    {
      Python: { Type: 'AWS::Lambda::Function', Properties: { ...nodeFunction, Runtime: 'python3.13' } },
      Layered: { Type: 'AWS::Lambda::Function', Properties: { ...nodeFunction, Layers: ['arn:layer'] } },
      Handler: { Type: 'AWS::Lambda::Function', Properties: { ...nodeFunction, Runtime: 'python3.13' } },
      Notify: {
        Type: 'Custom::S3BucketNotifications',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] } },
      },
    },
    { 'abc.zip': join(folder, 'asset') },
  );
  expect(functions.map(({ name }) => name)).toEqual(['Shop-Layered']);
  expect(skipped).toEqual([
    'AWS::Lambda::Function (Python): runtime python3.13',
    'AWS::Lambda::Function (Layered): its layers',
  ]);
});

test('code comes from a zip file or from the template itself too', async () => {
  const zipFile = await zip({ 'index.mjs': 'export const handler = 1', 'lib/a.mjs': '' });
  const { functions } = await read(
    {
      Zipped: { Type: 'AWS::Lambda::Function', Properties: nodeFunction },
      Inline: {
        Type: 'AWS::Lambda::Function',
        Properties: { ...nodeFunction, Code: { ZipFile: 'exports.handler = 2' } },
      },
    },
    { 'abc.zip': zipFile },
  );
  const [zipped, inline] = functions.map(({ codeDir }) => codeDir);
  expect(readFileSync(join(zipped ?? '', 'index.mjs'), 'utf8')).toBe('export const handler = 1');
  expect(existsSync(join(zipped ?? '', 'lib/a.mjs'))).toBe(true);
  expect(readFileSync(join(inline ?? '', 'index.cjs'), 'utf8')).toBe('exports.handler = 2');
});

test('what is no zip file is refused and leaves no folder behind', async () => {
  const path = join(folder, 'bad.zip');
  writeFileSync(path, 'not a zip');
  await expect(unpack(path, join(folder, 'out'))).rejects.toThrow();
  expect(existsSync(join(folder, 'out'))).toBe(false);
});
