import { isDeepStrictEqual } from 'node:util';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uploadModes } from '../../domain/uploads/upload.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { accountedFor, anUploadDesk } from './an-upload-desk.ts';
import { bytesOf, placedBefore, type RandomFile, randomFile } from './random-files.ts';
import { aLine, csvOf, table } from './sample-orders.ts';

const local = useLocalTarget();

/** A desk with two orders on file, whose references random files use too, and what it holds at any time. */
const aDeskWithOrders = async () => {
  const desk = await anUploadDesk(local.target);
  const before = [
    aLine({ orderReference: placedBefore.same }),
    aLine({ orderReference: placedBefore.other, quantity: '7' }),
  ];
  await desk.run(desk.drop(Buffer.from(csvOf(table(before))), { versionId: 'v0' }));
  let files = 0;

  return {
    /** Sends a file in a mode; its result and everything about the upload. */
    send: async (bytes: Buffer, mode: (typeof uploadModes)[number]) => {
      files += 1;
      const versionId = `v${files}`;
      const run = await desk.run(desk.drop(bytes, { mode, versionId }));
      expect(run.status).toBe('SUCCEEDED');
      const upload = (await desk.uploadRows()).find((one) => one.versionId === versionId);
      const uploadId = upload?.uploadId ?? '';
      return desk.result(uploadId);
    },

    /** All rows of all tables, all documents and all starts of executions, those of the given uploads apart. */
    state: async (uploadIds: readonly string[] = []) => {
      const isOwn = (name: string): boolean => uploadIds.some((uploadId) => name.includes(uploadId));
      const tables = await Promise.all(
        Object.values(local.target.tables).map(async (TableName) => {
          const { Items = [] } = await local.target.dynamodb.send(new ScanCommand({ TableName }));
          return [TableName, Items.filter(({ pk }) => !isOwn(String(pk)))] as const;
        }),
      );
      return {
        tables: Object.fromEntries(tables),
        documents: new Map([...desk.objects].filter(([key]) => !isOwn(key))),
        started: [...desk.started],
      };
    },

    /** Rows that the uploads left on file, by what they are. */
    rowsOf: async (uploadId: string) => {
      const { Items = [] } = await local.target.dynamodb.send(
        new ScanCommand({ TableName: local.target.tables.orders }),
      );
      return Items.filter(({ pk }) => pk === `UPLOAD#${uploadId}`).map(({ entity }) => String(entity));
    },
  };
};

type Result = Awaited<ReturnType<Awaited<ReturnType<typeof aDeskWithOrders>>['send']>>;

/** Contract §5: every order in one count, every row once, and the counts are those of the rows. */
const expectAllAccountedFor = ({ counts, rows }: Result, { lines }: RandomFile): void => {
  expect(accountedFor(counts)).toBe(counts.orders);
  expect(rows.map(({ row }) => row)).toEqual(lines.map((_, index) => index + 2));
  expect(counts.rows).toBe(lines.length);
  const ordersThat = (...results: string[]): number =>
    new Set(rows.filter(({ result }) => results.includes(result)).map(({ orderReference }) => orderReference))
      .size;
  expect(counts).toMatchObject({
    created: ordersThat('CREATED'),
    onHold: ordersThat('CREATED_ON_HOLD'),
    rejected: ordersThat('REJECTED', 'REJECTED_WITH_ORDER'),
    duplicate: ordersThat('SKIPPED_DUPLICATE'),
    example: ordersThat('SKIPPED_EXAMPLE'),
    valid: ordersThat('VALID'),
  });
};

/** A row as a dry run would tell of it: an order that was made was valid. */
const asChecked = ({ rows }: Result) =>
  rows.map(({ result, orderNumber, ...row }) =>
    result === 'CREATED' || result === 'CREATED_ON_HOLD'
      ? { ...row, result: 'VALID' }
      : { ...row, result, ...(orderNumber !== undefined && { orderNumber }) },
  );

test('of any file, in any mode and format, every row has one result and every order is counted once', async () => {
  const desk = await aDeskWithOrders();
  let prefix = 0;
  await fc.assert(
    fc.asyncProperty(randomFile, fc.constantFrom(...uploadModes), async (file, mode) => {
      prefix += 1;
      expectAllAccountedFor(await desk.send(await bytesOf(file, `N${prefix}`), mode), file);
    }),
    { numRuns: 12 },
  );
});

test('a dry run tells of any file what a real run then does, and writes nothing', async () => {
  const desk = await aDeskWithOrders();
  let prefix = 0;
  await fc.assert(
    fc.asyncProperty(
      randomFile,
      fc.constantFrom('REJECT_FAILED_ORDERS', 'REJECT_FILE'),
      async (file, mode) => {
        prefix += 1;
        const bytes = await bytesOf(file, `D${prefix}`);
        const before = await desk.state();
        const dry = await desk.send(bytes, 'DRY_RUN');
        expect(await desk.state([dry.uploadId])).toEqual(before);
        const entities = (await desk.rowsOf(dry.uploadId)).filter((entity) => entity !== 'PROGRESS');
        expect(entities.toSorted()).toEqual(['MAIL', 'UPLOAD']);

        const real = await desk.send(bytes, mode);
        if (mode === 'REJECT_FILE' && dry.counts.rejected > 0) {
          expect(await desk.state([dry.uploadId, real.uploadId])).toEqual(before);
          expect(real.counts).toMatchObject({
            created: 0,
            onHold: 0,
            valid: 0,
            rejected: dry.counts.rejected + dry.counts.valid,
          });
          expect(real.rows.map(({ findings }) => findings)).toEqual(dry.rows.map(({ findings }) => findings));
        } else {
          expect(asChecked(real)).toEqual(asChecked(dry));
          expect(real.counts.created + real.counts.onHold).toBe(dry.counts.valid);
          expect(isDeepStrictEqual(await desk.state([dry.uploadId, real.uploadId]), before)).toBe(
            dry.counts.valid === 0,
          );
        }
      },
    ),
    { numRuns: 14 },
  );
});
