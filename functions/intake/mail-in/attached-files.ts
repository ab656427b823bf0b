import PostalMime, { type Attachment } from 'postal-mime';
import type { MailRefusal } from '../../../domain/uploads/inbound-mail.ts';
import { logger } from '../../shared/logger.ts';
import { safeFileName } from './file-name.ts';

/** A spreadsheet of a mail, under a name that no other of it has. */
export type AttachedFile = { name: string; bytes: Buffer };

/** `ignored` names what else is attached. A refused mail has nothing in it that anybody read. */
export type MailContent = { files: AttachedFile[]; ignored: string[]; refusal?: MailRefusal };

export const refusedContent = (refusal: MailRefusal): MailContent => ({ files: [], ignored: [], refusal });

const mostFiles = 20;
const limits = { maxNestingDepth: 20, maxHeadersSize: 512 * 1024, forceRfc822Attachments: true };

/** Those that cannot be read are among them: the intake refuses them by name, with advice. */
const spreadsheetName = /\.(xlsx|csv|tsv|xls|xlsm|xlsb|ods)$/i;
const extensionOf: Readonly<Record<string, string>> = {
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
};

const isSpreadsheet = ({ filename, mimeType }: Attachment): boolean =>
  spreadsheetName.test(filename?.trim() ?? '') || Object.hasOwn(extensionOf, mimeType);

const isEncrypted = ({ mimeType, filename }: Attachment): boolean =>
  ['application/pkcs7-mime', 'application/x-pkcs7-mime', 'application/pgp-encrypted'].includes(mimeType) ||
  /\.p7m$/i.test(filename ?? '');

const isWinmail = ({ mimeType, filename }: Attachment): boolean =>
  ['application/ms-tnef', 'application/vnd.ms-tnef'].includes(mimeType) ||
  /^winmail\.dat$/i.test(filename ?? '');

const bytesOf = ({ content }: Attachment): Buffer =>
  typeof content === 'string'
    ? Buffer.from(content, 'utf8')
    : content instanceof ArrayBuffer
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);

const named = (attachments: readonly Attachment[]): AttachedFile[] => {
  const names = new Set<string>();
  return attachments.map((attachment, index) => {
    const { filename, mimeType } = attachment;
    const otherwise = `attachment-${index + 1}.${extensionOf[mimeType] ?? 'dat'}`;
    const name = safeFileName(filename ?? '', { otherwise, taken: names });
    names.add(name.toLowerCase());
    return { name, bytes: bytesOf(attachment) };
  });
};

const whyNone = (attachments: readonly Attachment[]): MailRefusal => {
  if (attachments.some(isEncrypted)) return 'MAIL_ENCRYPTED';
  return attachments.some(isWinmail) ? 'WINMAIL_DAT' : 'SPREADSHEET_MISSING';
};

/** The spreadsheets attached to a mail. Its words are not read; a mail attached to it and an archive are not opened. */
export const attachedFiles = async (raw: Buffer): Promise<MailContent> => {
  let attachments: Attachment[];
  try {
    ({ attachments } = await PostalMime.parse(raw, limits));
  } catch (error) {
    logger.info('mail unreadable', { reason: error instanceof Error ? error.message.slice(0, 200) : '' });
    return refusedContent('MAIL_UNREADABLE');
  }
  const spreadsheets = attachments.filter(isSpreadsheet);
  if (spreadsheets.length === 0) return refusedContent(whyNone(attachments));
  if (spreadsheets.length > mostFiles) return refusedContent('TOO_MANY_FILES');
  const ignored = attachments
    .filter((attachment) => !isSpreadsheet(attachment))
    .slice(0, mostFiles)
    .map(({ filename, mimeType }) => safeFileName(filename ?? '', { otherwise: mimeType }));
  return { files: named(spreadsheets), ignored };
};
