import { v5 } from 'uuid';
import * as z from 'zod';
import { type Upload, uploadModes } from '../../domain/uploads/upload.ts';
import type { InboundMailsTable } from '../shared/inbound-mails-table.ts';
import type { UploadsTable } from '../shared/uploads-table.ts';

/** What the rule that sees files arrive passes on; `versionId` is empty in a bucket without versions. */
export const arrivedFileSchema = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  versionId: z.string().default(''),
  executionId: z.string().min(1),
});
export type ArrivedFile = z.infer<typeof arrivedFileSchema>;

/** The partner that a key belongs to: `inbox/<partnerId>/…`. */
export const partnerIdOf = (key: string): string | undefined => /^inbox\/([^/]+)\/./.exec(key)?.[1];

const announcedIdOf = (key: string): string | undefined =>
  /^inbox\/[^/]+\/uploads\/([^/]+)\/[^/]+$/.exec(key)?.[1];

const mailIdOf = (key: string): string | undefined => /^inbox\/[^/]+\/mail\/([^/]+)\/[^/]+$/.exec(key)?.[1];

/** The mail that brought a file: as it is on file, for the object's own metadata could be anybody's word. */
const mailOf = async (
  key: string,
  partnerId: string,
  mails: Pick<InboundMailsTable, 'read'>,
): Promise<Upload['mail']> => {
  const mailId = mailIdOf(key);
  const mail = mailId === undefined ? undefined : await mails.read(mailId);
  if (mail?.status !== 'ACCEPTED' || mail.partnerId !== partnerId) return undefined;
  const { objectKey, versionId, sender, messageId } = mail;
  return {
    mailId: mail.mailId,
    sender,
    ...(messageId && { messageId }),
    original: { kind: 'MAIL', objectKey, versionId, part: key.slice(key.lastIndexOf('/') + 1) },
  };
};

/** A repeat of an event has the same id, another version of the object another one. */
const derivedId = ({ bucket, key, versionId }: ArrivedFile): string =>
  v5(`s3://${bucket}/${key}?versionId=${versionId}`, v5.URL);

/** The mode that a sender wrote, whatever its case; undefined when there is no such mode. */
export const modeOf = (text: string | undefined): Upload['mode'] | undefined => {
  const mode = (text ?? 'REJECT_FAILED_ORDERS').trim().toUpperCase().replaceAll('-', '_');
  return uploadModes.find((known) => known === mode);
};

const isFor = (upload: Upload | undefined, { key, versionId }: ArrivedFile, partnerId: string): boolean =>
  upload?.partnerId === partnerId &&
  upload.objectKey === key &&
  (upload.status === 'AWAITING_FILE' || upload.versionId === versionId);

/**
 * The upload that an arrived file is: the one announced by POST /v1/uploads for its key, while this is the first file
 * under that key, else one of its own, as it stands if it was begun before.
 */
export const identifyUpload = async (
  file: ArrivedFile,
  { partnerId, language }: { partnerId: string; language: Upload['language'] },
  { uploads, mails }: { uploads: Pick<UploadsTable, 'read'>; mails: Pick<InboundMailsTable, 'read'> },
  now: Date,
): Promise<Upload> => {
  const { key, versionId } = file;
  const at = now.toISOString();
  const ids = [announcedIdOf(key), derivedId(file)].filter((id) => id !== undefined);
  for (const id of ids) {
    const upload = await uploads.read(id);
    if (upload && isFor(upload, file, partnerId))
      return { ...upload, versionId, status: 'PROCESSING', updatedAt: at };
  }
  const mail = await mailOf(key, partnerId, mails);
  return {
    uploadId: derivedId(file),
    partnerId,
    objectKey: key,
    versionId,
    ...(mail && { mail }),
    fileName: key.slice(key.lastIndexOf('/') + 1),
    mode: 'REJECT_FAILED_ORDERS',
    language,
    status: 'PROCESSING',
    fileFindings: [],
    createdAt: at,
    updatedAt: at,
  };
};
