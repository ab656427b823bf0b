import * as z from 'zod';
import { findingMessage } from '../../domain/findings/finding-messages.ts';
import { maySee } from '../../domain/permissions.ts';
import { cellFindingSchema, type Upload, uploadSchema } from '../../domain/uploads/upload.ts';
import { progressSoFar, uploadPhases } from '../../domain/uploads/upload-progress.ts';
import { type DocumentsBucket, documentsBucket } from '../shared/documents.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { HttpProblem } from '../shared/problem.ts';
import { type UploadsTable, uploadsTable } from '../shared/uploads-table.ts';

const progressSchema = z.object({
  phase: z.enum(uploadPhases),
  ordersDone: z.int(),
  ordersChecked: z.int().optional(),
  ordersTotal: z.int().optional(),
});
const messageSchema = z.object({ 'zh-CN': z.string(), en: z.string() });

export const operation = {
  summary: 'Reads what became of a spreadsheet',
  answers: {
    200: {
      description: 'Status, counts, and links to the result for 15 minutes',
      schema: uploadSchema.omit({ objectKey: true, resultKeys: true }).extend({
        fileFindings: z.array(cellFindingSchema.extend({ message: messageSchema })),
        fileFindingsInAll: z.int(),
        progress: progressSchema.optional(),
        links: z.object({
          self: z.string(),
          resultXlsx: z.url().optional(),
          resultCsv: z.url().optional(),
          resultJson: z.url().optional(),
        }),
      }),
    },
  },
} satisfies Operation;

type Deps = {
  uploads: Pick<UploadsTable, 'read' | 'readProgress'>;
  documents: Pick<DocumentsBucket, 'link'>;
};

const linkSeconds = 900;

/**
 * GET /v1/uploads/{uploadId}: status, counts (so far, while the file is worked on), what is wrong with the file, and links to
 * the result for 15 minutes.
 */
export const createReadUploadStatus = ({ uploads, documents }: Deps) => {
  const resultLinks = async ({ resultKeys, fileName }: Upload) =>
    resultKeys && {
      resultXlsx: await documents.link(resultKeys.xlsx, linkSeconds, `${fileName}.result.xlsx`),
      ...(resultKeys.csv && {
        resultCsv: await documents.link(resultKeys.csv, linkSeconds, `${fileName}.result.csv`),
      }),
      resultJson: await documents.link(resultKeys.json, linkSeconds, `${fileName}.result.json`),
    };

  /** A file that a fault of ours stopped has no result: what was told of it on the way is all there is. */
  const countsOf = async ({ uploadId, mode, status, counts }: Upload) => {
    if (counts || status === 'AWAITING_FILE') return { counts };
    const { reading, batches } = await uploads.readProgress(uploadId);
    const { progress, ...soFar } = progressSoFar(mode, reading, batches);
    return status === 'PROCESSING' ? { ...soFar, progress } : soFar;
  };

  return async ({ principal, path }: HttpRequest): Promise<HttpAnswer> => {
    const named = z.uuid().safeParse(path.uploadId);
    const upload = named.success ? await uploads.read(named.data) : undefined;
    if (!upload || !maySee(principal, upload)) throw new HttpProblem('not-found');
    const { objectKey: _key, resultKeys: _results, ...shown } = upload;
    const fileFindings = upload.fileFindings.map((finding) => ({
      ...finding,
      message: findingMessage(finding),
    }));
    const { fileFindingsInAll = fileFindings.length } = upload;
    const links = { self: `/v1/uploads/${upload.uploadId}`, ...(await resultLinks(upload)) };
    return {
      status: 200,
      body: { ...shown, ...(await countsOf(upload)), fileFindings, fileFindingsInAll, links },
    };
  };
};

export const handler = httpHandler((request) =>
  createReadUploadStatus({ uploads: uploadsTable(), documents: documentsBucket() })(request),
);
