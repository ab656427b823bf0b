import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { openRecordLog } from '../durable/record-log.ts';
import { writeFileDurably } from '../durable/write-file.ts';
import { addressesOf, parseMail } from './parse-mail.ts';

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
});
export type Mail = z.infer<typeof mailSchema>;

export type MailStore = {
  /** Keeps a message for good, then answers it with its id. */
  add(raw: Buffer, recipients: string[]): Promise<Mail>;
  /** Newest first; with a text, those that contain it anywhere, in any case. */
  list(text?: string): Mail[];
  find(id: string): Mail | undefined;
  raw(mail: Mail): Promise<Buffer>;
  close(): Promise<void>;
};

const newMessageId = (nowMs: number) => `0100${nowMs.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;

const describe = async (raw: Buffer) => {
  const parsed = await parseMail(raw);
  return {
    from: addressesOf(parsed.from)[0] ?? '',
    subject: parsed.subject ?? '',
    attachments: parsed.attachments.map(({ filename, contentType, size }, index) => ({
      fileName: filename ?? `attachment-${index + 1}`,
      contentType,
      size,
    })),
    text: parsed.text ?? '',
  };
};

const contains = (mail: Mail, text: string): boolean => {
  const names = mail.attachments.map(({ fileName }) => fileName);
  const fields = [mail.subject, mail.from, mail.id, mail.text, ...mail.to, ...names];
  return fields.some((field) => field.toLowerCase().includes(text));
};

/** Mail on disk: an .eml file for each message in mailDir, and what is known of it in a log. */
export const openMailStore = async (options: {
  logFile: string;
  mailDir: string;
  clock: Clock;
}): Promise<MailStore> => {
  const { logFile, mailDir, clock } = options;
  await mkdir(mailDir, { recursive: true });
  const mails = new Map<string, Mail>();
  const log = await openRecordLog<Mail>({
    file: logFile,
    parse: (line) => mailSchema.parse(line),
    apply: (mail) => mails.set(mail.id, mail),
    snapshot: () => [...mails.values()],
  });
  return {
    add: async (raw, recipients) => {
      const id = newMessageId(clock.now());
      const receivedAt = new Date(clock.now()).toISOString();
      const file = `${receivedAt.replace(/[-:.]/g, '')}-${id}.eml`;
      const described = await describe(raw);
      await writeFileDurably(join(mailDir, file), raw);
      const mail: Mail = { id, receivedAt, to: recipients, file, ...described };
      await log.append(mail);
      return mail;
    },
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
