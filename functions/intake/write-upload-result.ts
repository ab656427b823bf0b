import * as z from 'zod';
import type { Upload } from '../../domain/uploads/upload.ts';
import { Fatal } from '../shared/classify-error.ts';
import { type DocumentsBucket, documentsBucket } from '../shared/documents.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { type UploadsTable, uploadsTable } from '../shared/uploads-table.ts';
import { type OrderResult, type Reading, type UploadDocuments, uploadDocuments } from './batch.ts';
import { type Inbox, inbox } from './inbox.ts';
import { csvMediaType, xlsxMediaType } from './media-types.ts';
import { InvalidFile } from './readers/invalid-file.ts';
import { mailReport, mailRequest } from './result/mail-request.ts';
import { resultFiles } from './result/result-files.ts';
import { resultJson } from './result/result-json.ts';
import { countResults, rejectedTogether, rowResults } from './result/row-results.ts';

export const writeUploadResultInput = z.object({
  uploadId: z.string(),
  /** The inbox that the file lies in. */
  bucket: z.string(),
  /** Keys of the batches' results: of their submission, or of their check where nothing was submitted. */
  results: z.array(z.string()),
});

type Deps = {
  inbox: Pick<Inbox, 'read'>;
  uploads: Pick<UploadsTable, 'read' | 'finish'>;
  partners: Pick<PartnersTable, 'readPartner'>;
  documents: Pick<UploadDocuments, 'readReading' | 'readResults'>;
  results: Pick<DocumentsBucket, 'put'>;
  now?: () => Date;
};

const statusOf = ({ layout }: Reading, orders: readonly OrderResult[]) => {
  if (!layout) return 'FAILED' as const;
  return orders.some(({ result }) => result === 'REJECTED')
    ? ('COMPLETED_WITH_ERRORS' as const)
    : ('COMPLETED' as const);
};

/** Puts the batches' results together, writes them as JSON and as a workbook, and asks for the one result mail. */
export const createWriteUploadResult = ({
  inbox,
  uploads,
  partners,
  documents,
  results,
  now = () => new Date(),
}: Deps) => {
  const readOrders = async (keys: readonly string[], { mode }: Upload): Promise<OrderResult[]> => {
    const orders: OrderResult[] = [];
    for (const key of keys) orders.push(...(await documents.readResults(key)));
    return mode === 'REJECT_FILE' ? rejectedTogether(orders) : orders;
  };

  /** The file as sent; undefined when it was refused, or is gone by now. */
  const readOriginal = async ({ objectKey, versionId = '' }: Upload, bucket: string, { layout }: Reading) => {
    if (!layout) return undefined;
    try {
      return (await inbox.read({ bucket, key: objectKey, versionId })).bytes;
    } catch (error) {
      if (error instanceof InvalidFile) return undefined;
      throw error;
    }
  };

  return async ({ uploadId, bucket, results: keys }: z.infer<typeof writeUploadResultInput>) => {
    const upload = await uploads.read(uploadId);
    if (!upload) throw new Fatal(`no upload ${uploadId}`);
    const partner = await partners.readPartner(upload.partnerId);
    if (!partner) throw new Fatal(`no partner ${upload.partnerId}`);
    const reading = await documents.readReading(uploadId);
    const orders = await readOrders(keys, upload);
    const rows = rowResults(orders, reading.examples);
    const counts = countResults(orders, reading.examples, rows.length);
    const { fileFindings, fileSha256 } = reading;
    const status = statusOf(reading, orders);
    const result = { ...upload, status, counts, fileFindings, fileSha256 };
    const original = await readOriginal(upload, bucket, reading);
    const files = await resultFiles(original, { ...result, language: upload.language }, rows, reading.layout);
    const folder = `results/${upload.partnerId}/${uploadId}`;
    const resultKeys = {
      xlsx: `${folder}.xlsx`,
      ...(files.csv && { csv: `${folder}.csv` }),
      json: `${folder}.json`,
    };
    await results.put(resultKeys.json, resultJson(result, rows), 'application/json');
    await results.put(resultKeys.xlsx, files.xlsx, xlsxMediaType);
    if (files.csv && resultKeys.csv) await results.put(resultKeys.csv, files.csv, csvMediaType);
    const outcome = await uploads.finish(
      upload,
      {
        uploadId,
        status,
        counts,
        fileFindings,
        fileSha256,
        resultKeys,
        report: mailReport(rows),
        mail: mailRequest(partner, upload),
        guardsFile: counts.created + counts.onHold > 0,
      },
      now(),
    );
    return { outcome, uploadId, status };
  };
};

export const handler = stepHandler(writeUploadResultInput, (input) =>
  createWriteUploadResult({
    inbox: inbox(),
    uploads: uploadsTable(),
    partners: partnersTable(),
    documents: uploadDocuments(documentsBucket()),
    results: documentsBucket(),
  })(input),
);
