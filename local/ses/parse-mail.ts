import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { ServiceError } from '../http/service-error.ts';
import type { Message } from './header-section.ts';
import { writeMessage } from './header-section.ts';

/** Reads a message with its parts; images that it carries itself are put into its HTML. */
export const parseMail = (raw: Buffer): Promise<ParsedMail> => simpleParser(raw);

/** Reads the headers alone. */
export const parseHeaders = (message: Message): Promise<ParsedMail> =>
  simpleParser(writeMessage({ ...message, rest: Buffer.from(`${message.eol}${message.eol}`) }));

/** The addresses of a header, groups taken apart. */
export const addressesOf = (header: AddressObject | AddressObject[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .flatMap((entry) => entry.group ?? [entry])
    .flatMap(({ address }) => address || []);

const refuse = (message: string) => new ServiceError('InvalidParameterValue', message);

const addressForm = /^[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001f\u007f]/;

/** Takes `Name <a@example.com>` or a bare address down to the address; refuses what is none. */
export const toAddress = (text: string): string => {
  const address = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
  if (control.test(text)) throw refuse('Local address contains control or whitespace');
  if (!address.includes('@')) throw refuse("Missing final '@domain'");
  if (!addressForm.test(address)) throw refuse(`Invalid address: '${text}'.`);
  return address;
};

/** A text that becomes the value of a header, which must not begin another one. */
export const toHeaderText = (name: string, text: string): string => {
  if (control.test(text)) throw refuse(`The header '${name}' contains a control character.`);
  return text;
};
