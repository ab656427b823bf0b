import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { ServiceError } from '../http/service-error.ts';

const once = [
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'subject',
  'date',
  'mime-version',
];

const refuse = (message: string) => new ServiceError('InvalidParameterValue', message);

/** Refuses a raw message whose header section does not stand up. */
export const checkHeaders = (raw: Buffer): void => {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const lines = text
    .slice(0, end)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  const seen = new Set<string>();
  for (const line of lines) {
    const name = /^([\x21-\x39\x3b-\x7e]+):/.exec(line)?.[1]?.toLowerCase();
    if (name === undefined) throw refuse(`Malformed header line: '${line.slice(0, 80)}'.`);
    if (seen.has(name) && once.includes(name)) throw refuse(`Duplicate header '${name}'.`);
    seen.add(name);
  }
  if (!seen.has('from')) throw refuse("Missing required header 'From'.");
};

/** Reads a message with its parts; images that it carries itself are put into its HTML. */
export const parseMail = (raw: Buffer): Promise<ParsedMail> => simpleParser(raw);

/** The addresses of a header, groups taken apart. */
export const addressesOf = (header: AddressObject | AddressObject[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .flatMap((entry) => entry.group ?? [entry])
    .flatMap(({ address }) => address || []);

const addressForm = /^[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;

/** Takes `Name <a@example.com>` or a bare address down to the address; refuses what is none. */
export const toAddress = (text: string): string => {
  const address = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
  if (!address.includes('@')) throw refuse("Missing final '@domain'");
  if (!addressForm.test(address)) throw refuse(`Invalid address: '${text}'.`);
  return address;
};
