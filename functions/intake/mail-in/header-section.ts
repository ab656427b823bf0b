/** A header as it stands, unfolded: the name in small letters, the value with single spaces where lines were folded. */
export type Header = { name: string; value: string };

const form = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:(.*)$/s;

const unfold = (value: string): string => value.replace(/[ \t\r\n]+/g, ' ');

/** Headers may be UTF-8 (RFC 6532); bytes that are not stay readable one by one. */
const decode = (latin1: string): string => {
  const bytes = Buffer.from(latin1, 'latin1');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? latin1 : text;
};

/** The headers of a mail in their order, down to its empty line; undefined when there is none within the bytes. */
export const readHeaderSection = (bytes: Buffer): Header[] | undefined => {
  const text = bytes.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index;
  if (end === undefined) return undefined;
  return text
    .slice(0, end)
    .split(/\r?\n(?![ \t])/)
    .flatMap((line) => {
      const [, name, value = ''] = form.exec(line) ?? [];
      return name ? [{ name: name.toLowerCase(), value: decode(unfold(value)).trim() }] : [];
    });
};

export const headerValues = (headers: readonly Header[], name: string): string[] =>
  headers.filter((header) => header.name === name).map(({ value }) => value);
