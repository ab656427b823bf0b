import { InvalidFile } from '../invalid-file.ts';

const byteOrderMarks: readonly [encoding: string, mark: readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

const decodeAs = (encoding: string, bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Text of a CSV file: by its byte order mark, else strict UTF-8, else GB18030 as Chinese Excel writes it. */
export const decodeText = (bytes: Uint8Array): string => {
  const marked = byteOrderMarks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  const encodings = marked ? [marked[0]] : ['utf-8', 'gb18030'];
  for (const encoding of encodings) {
    const text = decodeAs(encoding, bytes);
    if (text !== undefined) return text;
  }
  throw new InvalidFile('ENCODING_UNREADABLE', { expected: 'UTF-8, GB18030, UTF-16' });
};
