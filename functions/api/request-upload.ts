import { createPresignedPost, type PresignedPost } from '@aws-sdk/s3-presigned-post';
import { v7 } from 'uuid';
import * as z from 'zod';
import { type Upload, uploadModes, uploadSchema } from '../../domain/uploads/upload.ts';
import { uploadBytes } from '../../domain/uploads/upload-limits.ts';
import { s3Client } from '../shared/documents.ts';
import { env, uploadEnv } from '../shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import { type UploadsTable, uploadsTable } from '../shared/uploads-table.ts';

const bodySchema = z.strictObject({
  fileName: z
    .string()
    .normalize()
    .trim()
    .max(200)
    .regex(/^(?!.*\$\{)[^\p{Cc}/\\]+\.(xlsx|csv|tsv)$/iu), // S3 would put the sender's file name for ${filename}
  mode: z.enum(uploadModes).default('REJECT_FAILED_ORDERS'),
});

export const operation = {
  summary: 'Asks for a form that takes one spreadsheet',
  body: bodySchema,
  answers: {
    201: {
      description: 'The form, good for five minutes',
      schema: uploadSchema.pick({ uploadId: true, status: true, mode: true }).extend({
        url: z.url(),
        fields: z.record(z.string(), z.string()),
        expiresAt: z.iso.datetime(),
        links: z.object({ self: z.string() }),
      }),
      headers: { Location: 'Path of the upload' },
    },
  },
} satisfies Operation;

const linkSeconds = 300;

type Deps = {
  uploads: Pick<UploadsTable, 'announce'>;
  partners: Pick<PartnersTable, 'readPartner'>;
  presign: (objectKey: string) => Promise<PresignedPost>;
  now?: () => Date;
};

/** POST /v1/uploads: 201 with a form that takes one file, as large as the desk reads, under a key of ours, for five minutes. */
export const createRequestUpload =
  ({ uploads, partners, presign, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const { principal } = request;
    const partner =
      principal.kind === 'partner' ? await partners.readPartner(principal.partnerId) : undefined;
    if (!partner) throw new HttpProblem('forbidden');
    const { fileName, mode } = parseBody(bodySchema, request.json().value);
    const uploadId = v7();
    const { partnerId, language } = partner;
    const objectKey = `inbox/${partnerId}/uploads/${uploadId}/${fileName}`;
    const at = now();
    const upload: Upload = {
      uploadId,
      partnerId,
      objectKey,
      fileName,
      mode,
      language,
      status: 'AWAITING_FILE',
      fileFindings: [],
      createdAt: at.toISOString(),
      updatedAt: at.toISOString(),
    };
    await uploads.announce(upload, at);
    const { url, fields } = await presign(objectKey);
    return {
      status: 201,
      body: {
        uploadId,
        status: upload.status,
        mode,
        url,
        fields,
        expiresAt: new Date(at.getTime() + linkSeconds * 1000).toISOString(),
        links: { self: `/v1/uploads/${uploadId}` },
      },
      headers: { Location: `/v1/uploads/${uploadId}` },
    };
  };

const inboxEnv = env({ INBOX_BUCKET: z.string() });

const presignUpload = (objectKey: string): Promise<PresignedPost> =>
  createPresignedPost(s3Client(), {
    Bucket: inboxEnv().INBOX_BUCKET,
    Key: objectKey,
    Conditions: [['content-length-range', 1, uploadBytes(uploadEnv().UPLOAD_MAX_ROWS)]],
    Expires: linkSeconds,
  });

export const handler = httpHandler((request) =>
  createRequestUpload({ uploads: uploadsTable(), partners: partnersTable(), presign: presignUpload })(
    request,
  ),
);
