import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Principal } from '../../domain/permissions.ts';
import { createReadUploadStatus } from '../../functions/api/read-upload-status.ts';
import { createRequestUpload } from '../../functions/api/request-upload.ts';
import { uploadsTable } from '../../functions/shared/uploads-table.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();
beforeAll(async () => {
  await at.desk.addPartner();
});

const uploads = () => uploadsTable(at.desk.db, () => tables.orders);
const request = (body: unknown, principal: Principal = asPartner()) =>
  createRequestUpload({
    uploads: uploads(),
    partners: at.desk.partners,
    presign: async (objectKey) => ({ url: 'https://inbox.example.com', fields: { key: objectKey } }),
    now: at.desk.now,
  })(aRequest({ principal, body }));
const answerSchema = z.looseObject({ uploadId: z.uuid(), fields: z.record(z.string(), z.string()) });
const status = (uploadId: string, principal: Principal = asPartner()) =>
  createReadUploadStatus({ uploads: uploads(), documents: at.desk.documents })(
    aRequest({ principal, path: { uploadId } }),
  );

describe('asking for an upload', () => {
  test('is answered with a form for one key of ours, and announces the file', async () => {
    const answer = await request({ fileName: '三月订单.xlsx', mode: 'DRY_RUN' });
    const { uploadId, fields } = answerSchema.parse(answer.body);
    expect(answer).toMatchObject({
      status: 201,
      headers: { Location: `/v1/uploads/${uploadId}` },
      body: { status: 'AWAITING_FILE', mode: 'DRY_RUN', expiresAt: '2026-03-02T08:05:00.000Z' },
    });
    expect(fields.key).toBe(`inbox/example-mall/uploads/${uploadId}/三月订单.xlsx`);
    expect(await uploads().read(uploadId)).toMatchObject({
      partnerId: 'example-mall',
      objectKey: fields.key,
      status: 'AWAITING_FILE',
      mode: 'DRY_RUN',
    });
  });

  test.for([
    ['orders.xls', '#/fileName'],
    ['orders', '#/fileName'],
    ['../../other-partner/orders.csv', '#/fileName'],
    ['a\\b.csv', '#/fileName'],
    ['.csv', '#/fileName'],
    ['two\nlines.csv', '#/fileName'],
    [`${'x'.repeat(200)}.csv`, '#/fileName'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder that S3 fills in
    ['${filename}.csv', '#/fileName'],
  ])('for a file named %j is refused', async ([fileName, pointer]) => {
    await expect(request({ fileName })).rejects.toMatchObject({ status: 422, problems: [{ pointer }] });
  });

  test('in a mode that there is not is refused', async () => {
    await expect(request({ fileName: 'a.csv', mode: 'HOPE' })).rejects.toMatchObject({
      problems: [{ code: 'ENUM_UNKNOWN', pointer: '#/mode' }],
    });
  });

  test('is for partners with a profile', async () => {
    await expect(request({ fileName: 'a.csv' }, asStaff('desk'))).rejects.toMatchObject({
      type: 'forbidden',
    });
    await expect(request({ fileName: 'a.csv' }, asPartner('nobody'))).rejects.toMatchObject({
      type: 'forbidden',
    });
  });
});

describe('the state of an upload', () => {
  const announced = async () => answerSchema.parse((await request({ fileName: 'a.csv' })).body).uploadId;

  test('is shown without where its file lies', async () => {
    const uploadId = await announced();
    const { body } = await status(uploadId);
    expect(body).toMatchObject({
      uploadId,
      status: 'AWAITING_FILE',
      links: { self: `/v1/uploads/${uploadId}` },
    });
    expect(body).not.toHaveProperty('objectKey');
    expect(body).not.toHaveProperty('resultKeys');
  });

  test('has links to its results when it is done', async () => {
    const uploadId = await announced();
    const upload = await uploads().read(uploadId);
    if (!upload) throw new Error('announced above');
    await uploads().claim(upload, 'execution-1');
    const resultKeys = {
      xlsx: `results/example-mall/${uploadId}.xlsx`,
      json: `results/example-mall/${uploadId}.json`,
    };
    await uploads().finish(
      upload,
      { uploadId, status: 'COMPLETED', fileFindings: [], resultKeys, report: {}, guardsFile: false },
      orderDay,
    );
    expect(await status(uploadId)).toMatchObject({
      body: {
        status: 'COMPLETED',
        links: {
          resultXlsx: `https://documents.example.com/${resultKeys.xlsx}`,
          resultJson: `https://documents.example.com/${resultKeys.json}`,
        },
      },
    });
  });

  test('of another partner is not found, as one that does not exist', async () => {
    const uploadId = await announced();
    for (const [id, principal] of [
      [uploadId, asPartner('example-shop')],
      ['019a0000-0000-7000-8000-000000000000', asPartner()],
      ['not-an-id', asPartner()],
    ] as const)
      await expect(status(id, principal)).rejects.toMatchObject({ type: 'not-found', members: {} });
    expect(await status(uploadId, asStaff())).toMatchObject({ status: 200 });
  });
});
