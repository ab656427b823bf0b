import { addressParser, decodeWords } from 'postal-mime';
import { type Header, headerValues, readHeaderSection } from './header-section.ts';
import { readSesStamp, type SesStamp } from './ses-stamp.ts';

/** What the headers of a mail say. */
export type MailHead = {
  stamp: SesStamp | undefined;
  /** The one address of the one From, in small letters; undefined where there is not exactly one. */
  from: string | undefined;
  subject: string;
  messageId: string | undefined;
  /** Written by a program: an answer would talk to it, perhaps for ever. */
  isAutomatic: boolean;
  /** An absence note, or a report on another mail: never an order. */
  isReply: boolean;
};

const maxSubject = 200;

const addressForm = /^[^\s@<>"(),:;[\]\\]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/;

const fromOf = (headers: readonly Header[]): string | undefined => {
  const values = headerValues(headers, 'from');
  const addresses = values.flatMap((value) => addressParser(value, { flatten: true }));
  const [only] = addresses;
  const address = only?.address?.toLowerCase() ?? '';
  return values.length === 1 && addresses.length === 1 && addressForm.test(address) ? address : undefined;
};

const subjectOf = (headers: readonly Header[]): string =>
  [...decodeWords(headerValues(headers, 'subject')[0] ?? '')]
    .slice(0, maxSubject)
    .join('')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();

/** A Message-ID that can stand in a header of ours. */
const messageIdOf = (headers: readonly Header[]): string | undefined =>
  headerValues(headers, 'message-id').find((id) => /^<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>$/.test(id));

/** Reads the headers out of the first bytes of a mail; where they do not end there, nothing of them is believed. */
export const readMailHead = (bytes: Buffer, mailId: string): MailHead => {
  const headers = readHeaderSection(bytes) ?? [];
  const stamp = readSesStamp(headers, mailId);
  const [submitted = 'no'] = headerValues(headers, 'auto-submitted');
  const [type = ''] = headerValues(headers, 'content-type');
  const isReply =
    /^auto-replied\b/i.test(submitted) ||
    /^multipart\/report\b/i.test(type) ||
    stamp?.evidence.envelopeFrom === '';
  return {
    stamp,
    from: fromOf(headers),
    subject: subjectOf(headers),
    messageId: messageIdOf(headers),
    isReply,
    isAutomatic:
      isReply ||
      !/^no\b/i.test(submitted) ||
      /^(bulk|list|junk|auto_reply)$/i.test(headerValues(headers, 'precedence')[0] ?? ''),
  };
};
