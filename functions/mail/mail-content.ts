import type { Language } from '../../domain/values/languages.ts';

export type Fact = { label: string; value: string };

/** A table cell; `sub` stands smaller below. */
export type Cell = { main: string; sub?: string | undefined };

/** What mails are built of. Each block is shown as HTML by layout.ts and as plain text by plain-text.ts. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'facts'; heading?: string; facts: Fact[] }
  | { kind: 'table'; heading: string; columns: string[]; rows: Cell[][]; totals: Fact[] }
  | { kind: 'list'; heading: string; items: Cell[] }
  | { kind: 'link'; label: string; url: string };

/** The document is read from the documents bucket when the mail is sent. */
export type Attachment = { fileName: string; contentType: string; documentKey: string };

/** A mail before it is laid out: what a template makes. */
export type MailContent = {
  language: Language;
  subject: string;
  title: string;
  greeting?: string | undefined;
  blocks: Block[];
  closing: string;
  /** Who signs. */
  sender: string;
  attachments: Attachment[];
};
