import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  DescribeExecutionCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { simpleParser } from 'mailparser';
import * as z from 'zod';
import { mailIntentSchema } from '../../domain/mail.ts';
import type { uploadModes } from '../../domain/uploads/upload.ts';
import { rowResults, uploadCountsSchema, uploadStatuses } from '../../domain/uploads/upload.ts';
import { dayIn, plusDays } from '../../domain/values/calendar.ts';
import { aLine, csvOf, type Line, table } from '../intake/sample-orders.ts';
import { openRawDesk } from './raw-desk.ts';
import { eventually } from './test-desk.ts';

const findingSchema = z.object({
  severity: z.string(),
  code: z.string(),
  cell: z.string().optional(),
  value: z.string().optional(),
});

const uploadSchema = z.object({
  uploadId: z.string(),
  objectKey: z.string().optional(),
  versionId: z.string().optional(),
  fileName: z.string(),
  mode: z.string(),
  status: z.enum(uploadStatuses),
  counts: uploadCountsSchema.optional(),
  fileFindings: z.array(findingSchema).default([]),
  duplicateOf: z.string().optional(),
  links: z.object({ resultXlsx: z.url().optional(), resultJson: z.url().optional() }).default({}),
});
export type SeenUpload = z.infer<typeof uploadSchema>;

const resultSchema = z.object({
  uploadId: z.string(),
  status: z.enum(uploadStatuses),
  counts: uploadCountsSchema,
  rows: z.array(
    z.object({
      row: z.int(),
      orderReference: z.string(),
      result: z.enum(rowResults),
      orderNumber: z.string().optional(),
      findings: z.array(findingSchema),
    }),
  ),
});

export const formSchema = z.object({
  uploadId: z.string(),
  url: z.url(),
  fields: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
export type UploadForm = z.infer<typeof formSchema>;

type Mode = (typeof uploadModes)[number];

/** A line of a file whose order passes every check of the sample partner example-mall. */
export const goodLine = (orderReference: string, changes: Line = {}): Line =>
  aLine({
    orderReference,
    requestedDate: plusDays(dayIn('Asia/Shanghai', new Date()), 7),
    sku: 'MUG-300-WH',
    itemName: '马克杯',
    specification: '300ml 白色',
    quantity: '2',
    unitPrice: '19.90',
    ...changes,
  });

export const csvFile = (...lines: Line[]): Buffer => Buffer.from(csvOf(table(lines)));

/** Sends a form as a browser would: its fields first, the file last. */
export const sendForm = (
  { url, fields }: UploadForm,
  bytes: Uint8Array,
  changes: Record<string, string> = {},
): Promise<Response> => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, value);
  form.append('file', new Blob([Uint8Array.from(bytes)]), 'orders');
  return fetch(url, { method: 'POST', body: form });
};

/** A test desk with both ways to hand in a file, and what can be seen of it afterwards. */
export const openUploadDesk = async () => {
  const desk = await openRawDesk();
  const { endpoints, target, mall } = desk;
  const { outputs, credentials, region, uploadDir, mailDir } = endpoints;
  const machineArn = outputs.UploadStateMachineArn ?? '';
  const sfn = new SFNClient({
    region,
    credentials,
    endpoint: endpoints.endpoints.AWS_ENDPOINT_URL_SFN ?? '',
  });

  const requestForm = async (fileName: string, mode?: Mode): Promise<UploadForm> => {
    const answer = await mall('POST', '/v1/uploads', {
      body: JSON.stringify({ fileName, ...(mode && { mode }) }),
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return formSchema.parse(answer.body);
  };

  const readUpload = async (uploadId: string): Promise<SeenUpload> =>
    uploadSchema.parse((await mall('GET', `/v1/uploads/${uploadId}`)).body);

  const finished = (uploadId: string): Promise<SeenUpload> =>
    eventually(async () => {
      const upload = await readUpload(uploadId);
      return upload.status !== 'AWAITING_FILE' && upload.status !== 'PROCESSING' && upload;
    });

  /** Rows of uploads whose object key starts so, as they stand in the table. */
  const uploadsUnder = async (keyPrefix: string): Promise<SeenUpload[]> => {
    const pages = paginateScan(
      { client: target.dynamodb },
      {
        TableName: target.tables.orders,
        FilterExpression: 'entity = :upload',
        ExpressionAttributeValues: { ':upload': 'UPLOAD' },
      },
    );
    const uploads: SeenUpload[] = [];
    for await (const { Items } of pages) uploads.push(...z.array(uploadSchema).parse(Items ?? []));
    return uploads.filter(({ objectKey }) => objectKey?.startsWith(keyPrefix));
  };

  const mailIntents = async (uploadId: string) => {
    const pages = paginateQuery(
      { client: target.dynamodb },
      {
        TableName: target.tables.orders,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :mails)',
        ExpressionAttributeValues: { ':pk': `UPLOAD#${uploadId}`, ':mails': 'MAIL#' },
      },
    );
    const intents = [];
    for await (const { Items } of pages) intents.push(...z.array(mailIntentSchema).parse(Items ?? []));
    return intents;
  };

  const executions = async () => {
    const found = [];
    for await (const page of paginateListExecutions({ client: sfn }, { stateMachineArn: machineArn }))
      found.push(...(page.executions ?? []));
    return found;
  };

  return {
    ...desk,
    requestForm,
    readUpload,
    finished,
    uploadsUnder,

    /** Hands a file in by the API and waits for its end. */
    upload: async (fileName: string, bytes: Uint8Array, mode?: Mode): Promise<SeenUpload> => {
      const form = await requestForm(fileName, mode);
      const sent = await sendForm(form, bytes);
      if (sent.status !== 204) throw new Error(`${sent.status} ${await sent.text()}`);
      return finished(form.uploadId);
    },

    /** Puts a file into a partner's folder, as a file share does. */
    drop: async (path: string, bytes: Uint8Array): Promise<void> => {
      const file = join(uploadDir, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.part`, bytes);
      await rename(`${file}.part`, file);
    },

    /** The end of the one upload that a dropped file became. */
    dropped: async (path: string): Promise<SeenUpload> => {
      const [upload] = await eventually(async () => {
        const uploads = await uploadsUnder(`inbox/${path}`);
        return uploads.length > 0 && uploads;
      });
      return finished(upload?.uploadId ?? '');
    },

    result: async ({ links }: SeenUpload) => {
      const open = async (link: string | undefined) => {
        const answer = await fetch(link ?? '');
        if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
        return Buffer.from(await answer.arrayBuffer());
      };
      const json = resultSchema.parse(JSON.parse((await open(links.resultJson)).toString('utf8')));
      return { json, xlsx: await open(links.resultXlsx) };
    },

    /** Mails about an upload that were really sent, once all that were asked for are. */
    sentUploadMails: async (uploadId: string) => {
      await eventually(async () => {
        const intents = await mailIntents(uploadId);
        return intents.length > 0 && intents.every(({ state }) => state === 'SENT');
      });
      const files = (await readdir(mailDir)).filter((name) => name.endsWith('.eml'));
      const mails = await Promise.all(
        files.map(async (name) => simpleParser(await readFile(join(mailDir, name)))),
      );
      return mails.filter(({ text }) => new RegExp(`(上传编号|Upload)[^\\n]*${uploadId}`).test(text ?? ''));
    },

    /** Tells the upload workflow of a file a second time, as EventBridge may. */
    repeatEvent: async ({ versionId = '' }: SeenUpload, key: string): Promise<unknown> => {
      const input = JSON.stringify({ bucket: outputs.InboxBucketName, key, versionId, size: 1 });
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: machineArn, input }),
      );
      return eventually(async () => {
        const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return status === 'SUCCEEDED' && JSON.parse(output ?? 'null');
      });
    },

    /** Statuses of all executions of the upload workflow, once none is running. */
    settledExecutions: (atLeast: number) =>
      eventually(async () => {
        const statuses = (await executions()).map(({ status }) => status ?? '');
        return statuses.length >= atLeast && !statuses.includes('RUNNING') && statuses;
      }),

    ordersWith: async (reference: string): Promise<unknown[]> =>
      z
        .object({ orders: z.array(z.unknown()) })
        .parse((await mall('GET', `/v1/orders?customerOrderReference=${reference}`)).body).orders,
  };
};

export type UploadDesk = Awaited<ReturnType<typeof openUploadDesk>>;
