import { GetCommand, PutCommand, type PutCommandInput, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keptFindings } from '../../domain/uploads/kept-findings.ts';
import { type Upload, type UploadCounts, uploadSchema, uploadStatuses } from '../../domain/uploads/upload.ts';
import {
  type BatchProgress,
  batchProgressSchema,
  type ReadingProgress,
  readingProgressSchema,
} from '../../domain/uploads/upload-progress.ts';
import type { Language } from '../../domain/values/languages.ts';
import { Retryable } from './classify-error.ts';
import { documentClient, isConditionFailure, transact } from './dynamodb.ts';
import { env } from './env.ts';
import { mailIntentItem } from './mail-outbox.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

/** How an upload ends: what stands in its row from then on, and the one mail that tells the sender. */
export type FinishedUpload = Pick<Upload, 'uploadId'> & {
  status: Extract<Upload['status'], 'COMPLETED' | 'COMPLETED_WITH_ERRORS' | 'FAILED'>;
  fileSha256?: string | undefined;
  counts?: UploadCounts | undefined;
  /** All of them; those of an earlier upload are what its row kept, with their number in all. */
  fileFindings: Upload['fileFindings'];
  fileFindingsInAll?: number | undefined;
  resultKeys?: Upload['resultKeys'];
  duplicateOf?: string | undefined;
  /** What its mail tells beside the row. */
  report: Record<string, string>;
  /** Absent when the partner has no address for results. */
  mail?: { recipient: string; language: Language } | undefined;
  /** Remembers the file and its report, so that the same bytes are not imported again. */
  guardsFile: boolean;
};

const fileSchema = z.object({
  uploadId: z.string(),
  report: z.record(z.string(), z.string()).default({}),
});

const claimSchema = z.object({ status: z.enum(uploadStatuses), executionId: z.string().optional() });

/** A file that nobody reads is worse than one that is looked at twice: it is taken only if its row says so. */
const isTakenFrom = (row: unknown, executionId: string): boolean => {
  const { status, executionId: holder } = claimSchema.parse(row);
  return status !== 'AWAITING_FILE' && !(status === 'PROCESSING' && holder === executionId);
};

const uploadKey = (uploadId: string) => ({ pk: `UPLOAD#${uploadId}`, sk: 'UPLOAD' });
const fileKey = ({ partnerId, mode }: Pick<Upload, 'partnerId' | 'mode'>, sha256: string) => ({
  pk: `FILE#${partnerId}#${mode}#${sha256}`,
  sk: 'FILE',
});

/** A slot for a file that nobody sent is forgotten after this long. */
const awaitedDays = 7;

/** What the steps of a file left behind on their way is worth something until its batches are forgotten. */
const progressDays = 30;

const progressPrefix = 'PROGRESS#';
const progressKey = (uploadId: string, part: string) => ({
  pk: `UPLOAD#${uploadId}`,
  sk: `${progressPrefix}${part}`,
});

const batchPart = ({ batch, purpose }: Pick<BatchProgress, 'batch' | 'purpose'>): string =>
  `${purpose.toUpperCase()}#${batch}`;

const progressSchema = z.union([
  readingProgressSchema.extend({ part: z.literal('reading') }),
  batchProgressSchema.extend({ part: z.literal('batch') }),
]);

/** Uploaded files and what came of them; rows of the Orders table. */
export const uploadsTable = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => {
  const get = async (Key: Record<string, string>) =>
    (await db.send(new GetCommand({ TableName: tableName(), Key, ConsistentRead: true }))).Item;

  const read = async (uploadId: string): Promise<Upload | undefined> => {
    const row = await get(uploadKey(uploadId));
    return row && uploadSchema.parse(row);
  };

  const putProgress = (
    uploadId: string,
    part: string,
    row: z.infer<typeof progressSchema>,
    now: Date,
    condition?: Pick<
      PutCommandInput,
      'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
  ) =>
    db.send(
      new PutCommand({
        TableName: tableName(),
        Item: {
          ...progressKey(uploadId, part),
          entity: 'PROGRESS',
          ...row,
          expiresAt: Math.floor(now.getTime() / 1000) + progressDays * 86_400,
        },
        ...condition,
      }),
    );

  return {
    read,

    /** Tells how much of the file is read. A repeated reading that has not come as far yet takes nothing back. */
    recordReading: async (uploadId: string, reading: ReadingProgress, now: Date): Promise<void> => {
      try {
        await putProgress(uploadId, 'READING', { part: 'reading', ...reading }, now, {
          ConditionExpression: 'attribute_not_exists(pk) OR (#rows <= :rows AND isWhole = :no)',
          ExpressionAttributeNames: { '#rows': 'rows' },
          ExpressionAttributeValues: { ':rows': reading.rows, ':no': false },
        });
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },

    /** What was told of a batch, if it was done to the end before. */
    readBatch: async (
      uploadId: string,
      batch: Pick<BatchProgress, 'batch' | 'purpose'>,
    ): Promise<BatchProgress | undefined> => {
      const row = await get(progressKey(uploadId, batchPart(batch)));
      return row && batchProgressSchema.parse(row);
    },

    /** Tells what came of a batch, in a row of its own: it counts once however often it is run, and no batch waits for another. */
    recordBatch: async (uploadId: string, progress: BatchProgress, now: Date): Promise<void> => {
      await putProgress(uploadId, batchPart(progress), { part: 'batch', ...progress }, now);
    },

    /** All that was told of the work on a file so far. */
    readProgress: async (
      uploadId: string,
    ): Promise<{ reading?: ReadingProgress; batches: BatchProgress[] }> => {
      const pages = paginateQuery(
        { client: db },
        {
          TableName: tableName(),
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :progress)',
          ExpressionAttributeValues: { ':pk': uploadKey(uploadId).pk, ':progress': progressPrefix },
          ConsistentRead: true,
        },
      );
      const rows: z.infer<typeof progressSchema>[] = [];
      for await (const { Items = [] } of pages) rows.push(...z.array(progressSchema).parse(Items));
      const reading = rows.find((row) => row.part === 'reading');
      return { ...(reading && { reading }), batches: rows.filter((row) => row.part === 'batch') };
    },

    /** Announces a file that its partner may now send; the row waits for it with status AWAITING_FILE. */
    announce: async (upload: Upload, now: Date): Promise<void> => {
      await db.send(
        new PutCommand({
          TableName: tableName(),
          Item: {
            ...uploadKey(upload.uploadId),
            entity: 'UPLOAD',
            ...upload,
            status: 'AWAITING_FILE',
            expiresAt: Math.floor(now.getTime() / 1000) + awaitedDays * 86_400,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },

    /**
     * Takes an upload for one execution, as PROCESSING. The same execution may claim again; for any other it is 'taken',
     * so that an event which arrives twice is worked on once.
     */
    claim: async (upload: Upload, executionId: string): Promise<'claimed' | 'taken'> => {
      try {
        await db.send(
          new PutCommand({
            TableName: tableName(),
            Item: {
              ...uploadKey(upload.uploadId),
              entity: 'UPLOAD',
              ...upload,
              status: 'PROCESSING',
              executionId,
            },
            ConditionExpression:
              'attribute_not_exists(pk) OR #status = :awaiting OR (#status = :processing AND executionId = :execution)',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':awaiting': 'AWAITING_FILE',
              ':processing': 'PROCESSING',
              ':execution': executionId,
            },
          }),
        );
        return 'claimed';
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
        if (isTakenFrom(await get(uploadKey(upload.uploadId)), executionId)) return 'taken';
        throw new Retryable(`the claim of upload ${upload.uploadId} was refused`);
      }
    },

    /** The finished upload of the same bytes in the same mode, if there was one, and what its mail told. */
    findFile: async (
      upload: Pick<Upload, 'partnerId' | 'mode'>,
      sha256: string,
    ): Promise<{ upload: Upload; report: FinishedUpload['report'] } | undefined> => {
      const row = await get(fileKey(upload, sha256));
      if (!row) return undefined;
      const { uploadId, report } = fileSchema.parse(row);
      const earlier = await read(uploadId);
      return earlier && { upload: earlier, report };
    },

    /** Ends an upload and asks for its mail, once: 'repeated' when it had ended before. */
    finish: async (
      upload: Pick<Upload, 'partnerId' | 'mode'>,
      { uploadId, report, mail, guardsFile, fileFindings, fileFindingsInAll, ...facts }: FinishedUpload,
      now: Date,
    ): Promise<'finished' | 'repeated'> => {
      const at = now.toISOString();
      const kept = keptFindings(fileFindings, fileFindingsInAll);
      const set = Object.entries({ ...facts, ...kept, updatedAt: at }).filter(
        ([, value]) => value !== undefined,
      );
      const { outcome } = await transact(
        [
          {
            Update: {
              TableName: tableName(),
              Key: uploadKey(uploadId),
              UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
              ConditionExpression: '#status = :processing',
              ExpressionAttributeNames: Object.fromEntries(set.map(([name]) => [`#${name}`, name])),
              ExpressionAttributeValues: {
                ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
                ':processing': 'PROCESSING',
              },
            },
          },
          ...(guardsFile && facts.fileSha256
            ? [
                {
                  Put: {
                    TableName: tableName(),
                    Item: { ...fileKey(upload, facts.fileSha256), entity: 'FILE', uploadId, report },
                  },
                },
              ]
            : []),
          ...(mail
            ? [
                mailIntentItem(
                  {
                    ...mail,
                    data: report,
                    subject: uploadId,
                    template: 'upload-result',
                    event: 'RESULT',
                    state: 'PENDING',
                    createdAt: at,
                  },
                  tableName(),
                ),
              ]
            : []),
        ],
        db,
      );
      return outcome === 'written' ? 'finished' : 'repeated';
    },
  };
};

export type UploadsTable = ReturnType<typeof uploadsTable>;
