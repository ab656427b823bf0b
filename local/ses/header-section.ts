/** One header of a message; the value unfolded, the text as it stands. */
export type Header = { name: string; value: string; text: string };

export type Message = {
  headers: Header[];
  /** From the empty line on. */
  rest: Buffer;
  /** How its lines end. */
  eol: '\r\n' | '\n';
};

const nameForm = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/;

const toHeader = (text: string): Header => {
  const name = nameForm.exec(text)?.[1] ?? '';
  const value = text
    .slice(text.indexOf(':') + 1)
    .replace(/\r?\n[ \t]+/g, ' ')
    .trim();
  return { name, value, text };
};

/** Takes a message apart at its empty line; a line that is no header has no name. */
export const readMessage = (raw: Buffer): Message => {
  // Byte for byte: what is not ASCII passes through unread.
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.replace(/(\r?\n)+$/, '').length;
  const section = text.slice(0, end);
  const eol = section.includes('\r\n') || !section.includes('\n') ? '\r\n' : '\n';
  const headers = section.split(/\r?\n(?![ \t])/).map(toHeader);
  return { headers, rest: raw.subarray(end), eol };
};

/** Puts a message together again. */
export const writeMessage = ({ headers, rest, eol }: Message): Buffer =>
  Buffer.concat([Buffer.from(headers.map(({ text }) => text).join(eol), 'latin1'), rest]);

/** The value of the first header of that name, in any case. */
export const headerValue = (headers: readonly Header[], name: string): string | undefined =>
  headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value;

export const withoutHeaders = (headers: readonly Header[], names: readonly string[]): Header[] =>
  headers.filter(({ name }) => !names.includes(name.toLowerCase()));

/** A header in ASCII; lines after the first begin with a blank. */
export const newHeader = (name: string, value: string): Header => toHeader(`${name}: ${value}`);

/** The addresses of a header as they stand: cut at commas, but not at those within quotes. */
export const addressList = (value: string): string[] => {
  const addresses: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < value.length; at += 1) {
    if (value[at] === '"') isQuoted = !isQuoted;
    if (value[at] !== ',' || isQuoted) continue;
    addresses.push(value.slice(start, at).trim());
    start = at + 1;
  }
  return [...addresses, value.slice(start).trim()];
};
