import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedMail } from 'mailparser';
import * as z from 'zod';
import type { CallPort } from '../calls/call-port.ts';
import { openRecordLog } from '../durable/record-log.ts';
import { writeFileDurably } from '../durable/write-file.ts';
import { addressesOf } from './parse-mail.ts';

const mailSchema = z.object({
  id: z.string(),
  /** ISO 8601. */
  receivedAt: z.string(),
  from: z.string(),
  /** The envelope: everyone it goes to, also those no header names. */
  to: z.array(z.string()),
  subject: z.string(),
  attachments: z.array(z.object({ fileName: z.string(), contentType: z.string(), size: z.number() })),
  text: z.string(),
  /** Its file in the mail folder. */
  file: z.string(),
  /** As whom it was sent: the address of the envelope. */
  source: z.string().default(''),
  configurationSet: z.string().optional(),
  /** Those of its sender. */
  tags: z.record(z.string(), z.array(z.string())).default({}),
  /** What became of it, by recipient. */
  fates: z
    .record(z.string(), z.enum(['delivered', 'bounced', 'complained', 'suppressed', 'rejected']))
    .default({}),
});
export type Mail = z.infer<typeof mailSchema>;

/** `told` names a mail whose events have been accepted. */
const recordSchema = z.union([
  mailSchema.extend({ isToBeTold: z.boolean().optional() }),
  z.object({ told: z.string() }),
]);
type MailRecord = z.infer<typeof recordSchema>;

type NewMail = Pick<Mail, 'id' | 'source' | 'to' | 'configurationSet' | 'tags' | 'fates'> & {
  raw: Buffer;
  /** What the message says. */
  parsed: ParsedMail;
  receivedAtMs: number;
  /** Whether its events are still to be raised. */
  isToBeTold: boolean;
};

export type MailStore = {
  /** Keeps a message for good, then answers what is known of it. */
  add(mail: NewMail): Promise<Mail>;
  /** The mails whose events nobody has accepted yet. */
  untold(): Mail[];
  markTold(id: string): Promise<void>;
  /** Newest first; with a text, those that contain it anywhere, in any case. */
  list(text?: string): Mail[];
  find(id: string): Mail | undefined;
  raw(mail: Mail): Promise<Buffer>;
  close(): Promise<void>;
};

const describe = (parsed: ParsedMail) => ({
  from: addressesOf(parsed.from)[0] ?? '',
  subject: parsed.subject ?? '',
  attachments: parsed.attachments.map(({ filename, contentType, size }, index) => ({
    fileName: filename ?? `attachment-${index + 1}`,
    contentType,
    size,
  })),
  text: parsed.text ?? '',
});

const contains = (mail: Mail, text: string): boolean => {
  const names = mail.attachments.map(({ fileName }) => fileName);
  const fields = [mail.subject, mail.from, mail.id, mail.text, ...mail.to, ...names];
  return fields.some((field) => field.toLowerCase().includes(text));
};

/** Mail on disk: an .eml file for each message in mailDir, and what is known of it in a log. */
export const openMailStore = async (options: {
  logFile: string;
  mailDir: string;
  reach?: CallPort['reach'] | undefined;
}): Promise<MailStore> => {
  const { logFile, mailDir } = options;
  await mkdir(mailDir, { recursive: true });
  const mails = new Map<string, Mail>();
  const untold = new Set<string>();
  const log = await openRecordLog<MailRecord>({
    file: logFile,
    name: 'mail',
    reach: options.reach,
    parse: (line) => recordSchema.parse(line),
    apply: (record) => {
      if ('told' in record) {
        untold.delete(record.told);
        return;
      }
      const { isToBeTold, ...mail } = record;
      mails.set(mail.id, mail);
      if (isToBeTold) untold.add(mail.id);
    },
    snapshot: () => [...mails.values()].map((mail) => ({ ...mail, isToBeTold: untold.has(mail.id) })),
  });
  return {
    add: async ({ raw, parsed, receivedAtMs, isToBeTold, ...given }) => {
      const receivedAt = new Date(receivedAtMs).toISOString();
      const file = `${receivedAt.replace(/[-:.]/g, '')}-${given.id}.eml`;
      const mail: Mail = { ...given, receivedAt, file, ...describe(parsed) };
      await writeFileDurably(join(mailDir, file), raw);
      await log.append({ ...mail, isToBeTold });
      return mail;
    },
    untold: () => [...untold].flatMap((id) => mails.get(id) ?? []),
    markTold: (id) => log.note({ told: id }),
    list: (text = '') => {
      const wanted = text.trim().toLowerCase();
      const all = [...mails.values()].toReversed();
      return wanted === '' ? all : all.filter((mail) => contains(mail, wanted));
    },
    find: (id) => mails.get(id),
    raw: (mail) => readFile(join(mailDir, mail.file)),
    close: log.close,
  };
};
