import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { localTarget } from '../admin/targets.ts';
import { staffGroups } from '../domain/permissions.ts';
import { type Cloud, type CloudOptions, startCloud } from '../local/cloud.ts';
import { loadSampleData } from './load-sample-data.ts';
import { watchMailFolder } from './mail-folder.ts';
import { synthesize } from './synthesize.ts';

export const endpointsSchema = z.object({
  apiUrl: z.url(),
  inboxUrl: z.url(),
  mailDir: z.string(),
  /** A file copied to `<uploadDir>/<partnerId>/` is an upload. */
  uploadDir: z.string(),
  /** A mail (.eml) copied there is one to `orderAddress`; in a folder called by an address, one to that. */
  mailInDir: z.string(),
  orderAddress: z.string().optional(),
  documentsDir: z.string(),
  partners: z.array(z.object({ partnerId: z.string(), apiKey: z.string() })),
  /** A bearer token for each staff group. */
  staff: z.record(z.enum(staffGroups), z.string()),
  endpoints: z.record(z.string(), z.string()),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  region: z.string(),
  outputs: z.record(z.string(), z.string()),
});

/** Where the running desk is reached, as written to `endpoints.json` in its state folder. */
export type Endpoints = z.infer<typeof endpointsSchema>;

export type Desk = { endpoints: Endpoints; cloud: Cloud; close(): Promise<void> };

type DeskOptions = {
  stateDir: string;
  /** 0: free ports. */
  port: number;
  fresh: boolean;
  /** Whether sample partners, products and stock are loaded into an empty desk. */
  samples: boolean;
  /** Further options of the cloud, for tests: its clock, its port of calls. */
  cloud?: Partial<CloudOptions>;
  progress: (line: string) => void;
};

const keysOnFile = async (file: string): Promise<Endpoints['partners']> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? [] : endpointsSchema.pick({ partners: true }).parse(JSON.parse(text)).partners;
};

const only = <Value>(values: Record<string, Value>, what: string): Value => {
  const [value, ...others] = Object.values(values);
  if (value === undefined || others.length > 0) throw new Error(`the stack has not exactly one ${what}`);
  return value;
};

type Folders = Pick<Endpoints, 'uploadDir' | 'mailInDir'>;

const describe = (cloud: Cloud, folders: Folders, partners: Endpoints['partners']): Endpoints => {
  const { outputs } = cloud;
  return endpointsSchema.parse({
    apiUrl: only(cloud.apiUrls, 'REST API'),
    inboxUrl: cloud.inboxUrl,
    mailDir: cloud.mailDir,
    ...folders,
    orderAddress: outputs.OrderAddress,
    documentsDir: cloud.bucketFolder(outputs.DocumentsBucketName ?? ''),
    partners,
    staff: only(cloud.userPools, 'user pool').tokens,
    endpoints: cloud.endpoints,
    credentials: cloud.credentials,
    region: cloud.region,
    outputs,
  });
};

/** Starts the desk on this machine; state is kept in `stateDir`, which `fresh` empties first. */
export const openDesk = async ({
  port,
  fresh,
  samples,
  progress,
  ...options
}: DeskOptions): Promise<Desk> => {
  const stateDir = resolve(options.stateDir);
  progress('Bundling the functions and synthesizing the stack …');
  const cdkOut = await synthesize();
  progress('Starting the cloud …');
  const uploadDir = join(stateDir, 'uploads');
  const mailInDir = join(stateDir, 'mail-in');
  const cloud = await startCloud({
    cdkOut,
    stateDir,
    port,
    fresh,
    log: progress,
    functionConcurrency: Math.max(2, availableParallelism()),
    watch: [{ folder: uploadDir, bucketLogicalIdPrefix: 'DocumentsInbox', keyPrefix: 'inbox/' }],
    ...options.cloud,
  });
  const file = join(stateDir, 'endpoints.json');
  const write = async (partners: Endpoints['partners']) => {
    const endpoints = describe(cloud, { uploadDir, mailInDir }, partners);
    await writeFile(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return endpoints;
  };
  try {
    const known = await keysOnFile(file);
    await write(known);
    const partners = samples ? await loadSampleData(await localTarget(stateDir), known, progress) : known;
    for (const { partnerId } of partners) await mkdir(join(uploadDir, partnerId), { recursive: true });
    const mailFolder = await watchMailFolder({
      folder: mailInDir,
      orderAddress: cloud.outputs.OrderAddress ?? '',
      receive: cloud.receiveMail,
      progress,
    });
    const close = async () => {
      await mailFolder.close();
      await cloud.close();
    };
    return { endpoints: await write(partners), cloud, close };
  } catch (error) {
    await cloud.close();
    throw error;
  }
};
