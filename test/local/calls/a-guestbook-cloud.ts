import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { createFaultPort } from '../../../local/calls/fault-port.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import { startCloud } from '../../../local/cloud.ts';

const templateSchema = z.looseObject({ Resources: z.record(z.string(), z.unknown()) });

type Changes = { without?: string[] };

/**
 * The guestbook of `synthesized`, a folder of synthesizeGuestbook's, in a cloud whose time and faults are the test's,
 * without the resources whose ids begin so.
 */
export const aGuestbookCloud = async (synthesized: string, { without = [] }: Changes = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'calls-'));
  const cdkOut = join(folder, 'cdk.out');
  cpSync(synthesized, cdkOut, { recursive: true });
  const template = join(cdkOut, 'Guestbook.template.json');
  const { Resources, ...rest } = templateSchema.parse(JSON.parse(readFileSync(template, 'utf8')));
  const isKept = ([id]: [string, unknown]) => !without.some((prefix) => id.startsWith(prefix));
  const kept = Object.fromEntries(Object.entries(Resources).filter(isKept));
  writeFileSync(template, JSON.stringify({ ...rest, Resources: kept }));

  const port = createFaultPort();
  const clock = createVirtualClock(Date.now());
  const log: string[] = [];
  const cloud = await startCloud({
    cdkOut,
    stateDir: join(folder, 'state'),
    port: 0,
    parameters: { Greeting: 'hello' },
    clock,
    calls: port,
    schedules: false,
    log: (line) => log.push(line),
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true });
    throw error;
  });
  /** Names as the CDK makes them: `@Sign` is the function's. */
  const named = (text: string) =>
    text.replaceAll(/@(\w+)/g, (whole, id: string) => {
      const made = Object.keys(kept).find((logicalId) => new RegExp(`^${id}[0-9A-F]{8}$`).test(logicalId));
      return made === undefined ? whole : `Guestbook-${made}`;
    });
  const output = (key: string) => z.string().parse(cloud.outputs[key]);
  const access = (service: string) => ({
    endpoint: z.string().parse(cloud.endpoints[`AWS_ENDPOINT_URL_${service}`]),
    region: cloud.region,
    credentials: cloud.credentials,
    forcePathStyle: true,
  });
  const database = new DynamoDBClient(access('DYNAMODB'));
  const states = new SFNClient(access('SFN'));
  const [apiUrl = ''] = Object.values(cloud.apiUrls);

  return {
    cloud,
    clock,
    port,
    log,
    named,
    sign: (name: string) =>
      fetch(`${apiUrl}/entries`, {
        method: 'POST',
        headers: { authorization: `Bearer guest-${name}` },
        body: JSON.stringify({ name, words: 'hi' }),
      }),
    signatures: async () => {
      const { Items = [] } = await database.send(new ScanCommand({ TableName: output('EntriesTable') }));
      return Items.map(({ name }) => name?.S);
    },
    counted: async () => {
      const Key = { day: { S: '2026-03-01' } };
      const { Item } = await database.send(new GetItemCommand({ TableName: output('CountsTable'), Key }));
      return Number(Item?.entries?.N ?? 0);
    },
    upload: (key: string) =>
      new S3Client(access('S3')).send(
        new PutObjectCommand({ Bucket: output('UploadsBucket'), Key: key, Body: 'Fay' }),
      ),
    executions: async () => {
      const stateMachineArn = output('WelcomeMachine');
      const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
      return Promise.all(
        executions.map(async ({ executionArn }) => {
          const { status, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
          return { status, ...(error !== undefined && { error, cause }) };
        }),
      );
    },
    async close() {
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type GuestbookCloud = Awaited<ReturnType<typeof aGuestbookCloud>>;
