import * as z from 'zod';

/** Why a mail was not taken as orders; docs/errors.md says what each means and who is told. */
export const mailRefusals = [
  'SENDER_UNKNOWN',
  'SENDER_UNVERIFIED',
  'PARTNER_INACTIVE',
  'VIRUS_SUSPECTED',
  'SPAM_SUSPECTED',
  'AUTOMATIC_REPLY',
  'MAIL_TOO_LARGE',
  'MAIL_UNREADABLE',
  'MAIL_ENCRYPTED',
  'WINMAIL_DAT',
  'SPREADSHEET_MISSING',
  'TOO_MANY_FILES',
] as const;
export type MailRefusal = (typeof mailRefusals)[number];

const verdictsSchema = z.object({
  spam: z.string(),
  virus: z.string(),
  spf: z.string(),
  dkim: z.string(),
  dmarc: z.string(),
});
export type MailVerdicts = z.infer<typeof verdictsSchema>;

/** A mail to the order address and what was made of it. The mail itself stays where `objectKey` says. */
export const inboundMailSchema = z.object({
  /** The mail service's own id, in which the object's key ends. */
  mailId: z.string(),
  objectKey: z.string(),
  versionId: z.string(),
  sizeBytes: z.int(),
  /** The address that sent it: as proven when a partner is named, else as claimed. */
  sender: z.string(),
  subject: z.string(),
  /** The sender's Message-ID, for answers to refer to. */
  messageId: z.string().optional(),
  verdicts: verdictsSchema.optional(),
  partnerId: z.string().optional(),
  status: z.enum(['ACCEPTED', 'REFUSED']),
  refusal: z.enum(mailRefusals).optional(),
  /** Names of the spreadsheets that went into the inbox, and of attachments that nobody read. */
  files: z.array(z.string()),
  ignored: z.array(z.string()),
  receivedAt: z.iso.datetime(),
});
export type InboundMail = z.infer<typeof inboundMailSchema>;
