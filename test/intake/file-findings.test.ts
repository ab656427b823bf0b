import { paginateScan } from '@aws-sdk/lib-dynamodb';
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createReadUploadStatus } from '../../functions/api/read-upload-status.ts';
import { resultSheetNames } from '../../functions/intake/result/result-headers.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { aRequest, asPartner } from '../builders/a-request.ts';
import { anUploadDesk } from './an-upload-desk.ts';
import { aLine, csvOf, table } from './sample-orders.ts';

const local = useLocalTarget();

const [header = [], row = []] = table([aLine()]);
const columns = 200;
const totalsRows = 3000;

/** A text of so many characters that no other is equal to, each of three bytes. */
const chinese = (index: number, length: number): string => `${index}${'汉'.repeat(length)}`.slice(0, length);

/**
 * The most that can be wrong with a file beside its rows: values in all cells above the header, headers that nobody knows and
 * longer than any is told, and thousands of rows of totals.
 */
const worstFile = (): Buffer =>
  Buffer.from(
    csvOf([
      ...Array.from({ length: 9 }, (_, above) =>
        Array.from({ length: columns }, (_, index) => `币种：${chinese(above * columns + index, 300)}`),
      ),
      [...header, ...Array.from({ length: columns - header.length }, (_, index) => chinese(index, 300))],
      row,
      ...Array.from({ length: totalsRows }, (_, index) => [
        ...header.map(() => ''),
        `合计：${chinese(index, 50)}`,
      ]),
    ]),
  );

const findingsInAll = 9 * columns + (columns - header.length) + totalsRows;
const mostItemBytes = 400 * 1024;

const statusSchema = z.object({
  fileFindings: z.array(z.object({ message: z.object({ 'zh-CN': z.string(), en: z.string() }) })),
  fileFindingsInAll: z.int(),
});

test('the worst file fits its row, and its whole list of findings stands in its result, when it is sent again too', async () => {
  const desk = await anUploadDesk(local.target);
  expect((await desk.run(desk.drop(worstFile()))).status).toBe('SUCCEEDED');
  const { dynamodb, tables } = local.target;
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: tables.orders }))
    items.push(...Items);
  const sizes = items.map((item) => Buffer.byteLength(JSON.stringify(item)));
  expect(Math.max(...sizes)).toBeLessThan(mostItemBytes / 2);

  const [upload] = await desk.uploadRows();
  if (!upload) throw new Error('the file has no row');
  expect(upload).toMatchObject({ status: 'COMPLETED', counts: { rows: 1, created: 1 } });
  expect(upload.fileFindings.length).toBeGreaterThan(20);
  expect(upload.fileFindingsInAll).toBe(findingsInAll);

  const { uploadId } = upload;
  const { body } = await createReadUploadStatus({
    uploads: desk.uploads,
    documents: { link: async (key) => key },
  })(aRequest({ principal: asPartner(desk.partnerId), path: { uploadId } }));
  const shown = statusSchema.parse(body);
  expect(shown.fileFindings).toHaveLength(upload.fileFindings.length);
  expect(shown.fileFindingsInAll).toBe(findingsInAll);
  expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(1_000_000);

  expect(desk.result(uploadId).fileFindings).toHaveLength(findingsInAll);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(desk.workbook(uploadId)).buffer);
  const summary = workbook.getWorksheet(resultSheetNames[1]);
  expect(summary?.getColumn(1).values.filter((severity) => severity === '提示')).toHaveLength(findingsInAll);

  await desk.run(desk.drop(worstFile(), { versionId: 'v2' }));
  const again = (await desk.uploadRows()).find(({ versionId }) => versionId === 'v2');
  expect(again).toMatchObject({
    duplicateOf: uploadId,
    fileFindings: upload.fileFindings,
    fileFindingsInAll: findingsInAll,
  });
});

test('a file that is hardly anything but rows of totals is refused', async () => {
  const desk = await anUploadDesk(local.target, {}, 100);
  const bytes = Buffer.from(csvOf([header, row, ...Array.from({ length: 1001 }, () => ['合计'])]));
  await desk.run(desk.drop(bytes));
  expect(await desk.uploadRows()).toMatchObject([
    {
      status: 'FAILED',
      fileFindings: [{ code: 'FILE_TOO_MANY_FINDINGS', expected: '<= 1000' }],
      fileFindingsInAll: 1,
    },
  ]);
});
