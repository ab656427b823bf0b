import { InvalidFile } from '../invalid-file.ts';
import { findMisreadRuns, type MisreadRun } from './misread-runs.ts';

/** Stands before text whose bytes were not in the encoding of the file: a code point that is no character. */
export const misreadMark = '\ufdd0';

const byteOrderMarks: readonly [encoding: string, mark: string][] = [
  ['utf-8', 'efbbbf'],
  ['utf-16le', 'fffe'],
  ['utf-16be', 'feff'],
];
/** UTF-32 and UTF-7, which spreadsheets do not write. */
const unreadableMarks = ['fffe0000', '0000feff', '2b2f76'];

const unreadable = () => new InvalidFile('ENCODING_UNREADABLE', { expected: 'UTF-8, GB18030, UTF-16' });

/** Of a text at most so much is characters that no text has. */
const maxControlShare = 0.01;

/** True when too many of so many characters, or bytes, are controls. */
export const isBinary = (length: number, codeAt: (at: number) => number | undefined): boolean => {
  let controls = 0;
  for (let at = 0; at < length; at += 1) {
    const code = codeAt(at) ?? 0;
    if (code < 0x20 && (code < 0x09 || code > 0x0d)) controls += 1;
  }
  return controls > length * maxControlShare;
};

const sampleBytes = 4096;

/** UTF-16 without a mark shows by its zeros: every ASCII character has one, before it or behind it. */
const utf16Of = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  const sample = bytes.subarray(0, sampleBytes);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const least = Math.max(2, sample.length / 32);
  if (odd >= least && odd > even * 4) return 'utf-16le';
  return even >= least && even > odd * 4 ? 'utf-16be' : undefined;
};

const maxLostShare = 0.01;

/** UTF-16 whose broken characters become U+FFFD, unless they are so many that it is something else. */
const decodeUtf16 = (encoding: string, bytes: Uint8Array): string => {
  const text = new TextDecoder(encoding).decode(bytes);
  const lost = text.split('\ufffd').length - 1;
  if (lost > Math.max(1, text.length * maxLostShare)) throw unreadable();
  return text;
};

const decodeStrictly = (encoding: string, bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const decodeMixed = (bytes: Uint8Array, encoding: string, misread: readonly MisreadRun[]): string => {
  const decoder = new TextDecoder(encoding);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, encoding: own } of misread) {
    parts.push(decoder.decode(bytes.subarray(at, start)), misreadMark);
    parts.push(new TextDecoder(own).decode(bytes.subarray(start, end)));
    at = end;
  }
  return parts.join('') + decoder.decode(bytes.subarray(at));
};

/**
 * Text of a file: by its byte order mark, else strict UTF-8, else GB18030 as Chinese Excel writes it, else UTF-16 that has
 * no mark. Stretches in another encoding than the rest are read by their own, with `misreadMark` before each.
 */
export const decodeMarked = (bytes: Uint8Array): string => {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (unreadableMarks.some((mark) => start.startsWith(mark))) throw unreadable();
  const marked = byteOrderMarks.find(([, mark]) => start.startsWith(mark))?.[0];
  const utf16 = marked === 'utf-8' ? undefined : (marked ?? utf16Of(bytes));
  if (utf16) return decodeUtf16(utf16, bytes);
  const text = decodeStrictly('utf-8', bytes);
  if (text !== undefined) return text;
  const unmarked = marked ? bytes.subarray(3) : bytes;
  const mixed = findMisreadRuns(unmarked);
  if (!mixed) {
    const isText = !isBinary(bytes.length, (at) => bytes[at]);
    throw isText ? unreadable() : new InvalidFile('NOT_A_SPREADSHEET');
  }
  return decodeMixed(unmarked, mixed.encoding, mixed.misread);
};

/** The same without the marks. */
export const decodeText = (bytes: Uint8Array): string => decodeMarked(bytes).replaceAll(misreadMark, '');
