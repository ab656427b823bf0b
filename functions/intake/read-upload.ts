import { createHash } from 'node:crypto';
import type { Partner } from '../../domain/partner.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import { uploadBytes } from '../../domain/uploads/upload-limits.ts';
import type { ReadingProgress } from '../../domain/uploads/upload-progress.ts';
import { documentsBucket } from '../shared/documents.ts';
import { companyEnv, uploadEnv } from '../shared/env.ts';
import { type InboundMailsTable, inboundMailsTable } from '../shared/inbound-mails-table.ts';
import { logger } from '../shared/logger.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { type UploadsTable, uploadsTable } from '../shared/uploads-table.ts';
import { type UploadDocuments, uploadDocuments } from './batch.ts';
import { fileFinding } from './file-finding.ts';
import { type Inbox, type InboxFile, inbox } from './inbox.ts';
import { type OpenOrderFile, openOrderFile } from './read-order-file.ts';
import { InvalidFile } from './readers/invalid-file.ts';
import { repeatedResult } from './result/repeated-result.ts';
import {
  type ArrivedFile,
  arrivedFileSchema,
  identifyUpload,
  modeOf,
  partnerIdOf,
} from './upload-identity.ts';

type Deps = {
  inbox: Inbox;
  uploads: Pick<UploadsTable, 'read' | 'claim' | 'findFile' | 'finish' | 'recordReading'>;
  mails: Pick<InboundMailsTable, 'read'>;
  partners: Pick<PartnersTable, 'readPartner'>;
  documents: Pick<UploadDocuments, 'writeBatches' | 'writeReading'>;
  timeZone: () => string;
  /** How many rows a file may have. */
  maxRows: () => number;
  now?: () => Date;
};

/** The function has 120 s; a file that takes longer to read is refused while there is time to say so. */
const readingMilliseconds = 90_000;

/** A file that cannot be read is an answer, not a fault. */
const orRefusal = async <Result>(reading: Promise<Result>): Promise<Result | InvalidFile> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof InvalidFile) return error;
    throw error;
  }
};

const modeFrom = (upload: Upload, file: InboxFile): Upload['mode'] | InvalidFile => {
  if (file.mode === undefined) return upload.mode;
  return modeOf(file.mode) ?? new InvalidFile('MODE_UNKNOWN', { value: file.mode.slice(0, 100) });
};

const wholeReading = ({ rowCount, orderCount, examples }: OpenOrderFile): ReadingProgress => ({
  rows: rowCount,
  orders: orderCount + examples.length,
  example: examples.length,
  isWhole: true,
});

/** The S3 console makes a folder as an object without bytes under a key that ends in a slash. */
const isFolder = (key: string, file: InboxFile | InvalidFile): boolean =>
  key.endsWith('/') && (file instanceof InvalidFile ? file.refusal === 'FILE_GONE' : file.bytes.length === 0);

/**
 * Reads an arrived file once and leaves its orders in batches. `duplicate-event`, `folder` and `partner-refused` do nothing,
 * `same-file` sends the earlier result again, `file-refused` has the reason on file for Write Upload Result.
 */
export const createReadUpload = ({
  inbox,
  uploads,
  mails,
  partners,
  documents,
  timeZone,
  maxRows,
  now = () => new Date(),
}: Deps) => {
  const refuse = async (upload: Upload, refusal: InvalidFile, fileSha256?: string) => {
    const { uploadId } = upload;
    logger.info('file refused', { uploadId, refusal: refusal.refusal, technical: refusal.detail.technical });
    const fileFindings = [fileFinding(refusal)];
    await documents.writeReading(uploadId, { examples: [], fileFindings, fileSha256 });
    return { outcome: 'file-refused' as const, uploadId };
  };

  const keep = async (upload: Upload, bytes: Buffer, partner: Partner, fileSha256: string) => {
    const signal = AbortSignal.timeout(readingMilliseconds);
    const whenRows = (rows: number) =>
      uploads.recordReading(upload.uploadId, { rows, orders: 0, example: 0, isWhole: false }, now());
    const context = { partner, now: now(), timeZone: timeZone(), maxRows: maxRows() };
    const file = await openOrderFile(bytes, { ...context, signal, whenRows });
    const batches = await documents.writeBatches(upload, file);
    const { layout, examples, findings } = file;
    await documents.writeReading(upload.uploadId, { layout, examples, fileFindings: findings, fileSha256 });
    await uploads.recordReading(upload.uploadId, wholeReading(file), now());
    return { outcome: 'read' as const, uploadId: upload.uploadId, mode: upload.mode, batches };
  };

  const read = async (upload: Upload, { bytes }: InboxFile, partner: Partner) => {
    const fileSha256 = createHash('sha256').update(bytes).digest('hex');
    const earlier = await uploads.findFile(upload, fileSha256);
    if (earlier && earlier.upload.uploadId !== upload.uploadId) {
      await uploads.finish(upload, repeatedResult(upload, earlier, fileSha256, partner), now());
      return { outcome: 'same-file' as const, uploadId: upload.uploadId };
    }
    const kept = await orRefusal(keep(upload, bytes, partner, fileSha256));
    return kept instanceof InvalidFile ? refuse(upload, kept, fileSha256) : kept;
  };

  return async (arrived: ArrivedFile) => {
    const partnerId = partnerIdOf(arrived.key);
    const partner = partnerId === undefined ? undefined : await partners.readPartner(partnerId);
    if (!partner?.active) {
      logger.warn('file of an unknown or inactive partner', { partnerId, versionId: arrived.versionId });
      return { outcome: 'partner-refused' as const };
    }
    const file = await orRefusal(inbox.read(arrived));
    if (isFolder(arrived.key, file)) return { outcome: 'folder' as const };
    const identified = await identifyUpload(arrived, partner, { uploads, mails }, now());
    const mode = file instanceof InvalidFile ? identified.mode : modeFrom(identified, file);
    const upload = mode instanceof InvalidFile ? identified : { ...identified, mode };
    const { uploadId } = upload;
    if ((await uploads.claim(upload, arrived.executionId)) === 'taken')
      return { outcome: 'duplicate-event' as const, uploadId };
    if (file instanceof InvalidFile) return refuse(upload, file);
    return mode instanceof InvalidFile ? refuse(upload, mode) : read(upload, file, partner);
  };
};

export const handler = stepHandler(arrivedFileSchema, (arrived) =>
  createReadUpload({
    inbox: inbox(undefined, uploadBytes(uploadEnv().UPLOAD_MAX_ROWS)),
    uploads: uploadsTable(),
    mails: inboundMailsTable(),
    partners: partnersTable(),
    documents: uploadDocuments(documentsBucket()),
    timeZone: () => companyEnv().COMPANY_TIME_ZONE,
    maxRows: () => uploadEnv().UPLOAD_MAX_ROWS,
  })(arrived),
);
