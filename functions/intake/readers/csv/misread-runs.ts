import { isUtf8 } from 'node:buffer';

/** A stretch of bytes that are not in the encoding of the file; `encoding` is the one they are best read by. */
export type MisreadRun = { start: number; end: number; encoding: 'utf-8' | 'gb18030' | 'windows-1252' };

/** The encoding that most of a file is in, and what is not in it; undefined when most is in neither. */
export type MixedText = { encoding: 'utf-8' | 'gb18030'; misread: MisreadRun[] };

const within = (byte: number | undefined, first: number, last: number): boolean =>
  byte !== undefined && byte >= first && byte <= last;

/** Where a GB18030 character that begins at a byte ends; undefined when there is none. */
const gbCharacterEnd = (bytes: Uint8Array, at: number): number | undefined => {
  if (bytes[at] === 0x80) return at + 1;
  if (!within(bytes[at], 0x81, 0xfe)) return undefined;
  const second = bytes[at + 1];
  if (within(second, 0x40, 0x7e) || within(second, 0x80, 0xfe)) return at + 2;
  return within(second, 0x30, 0x39) && within(bytes[at + 2], 0x81, 0xfe) && within(bytes[at + 3], 0x30, 0x39)
    ? at + 4
    : undefined;
};

const gbEnd = (bytes: Uint8Array, start: number, end: number): number | undefined => {
  let at: number | undefined = start;
  while (at !== undefined && at < end) at = gbCharacterEnd(bytes, at);
  return at;
};

const utf8 = new TextDecoder();

/** Two Chinese characters or more, and nothing else: bytes that say this in UTF-8 hardly ever mean something in GB18030. */
const chinese = /^[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]{2,}$/;

const isSmallLetter = (byte: number | undefined): boolean => within(byte, 0x61, 0x7a);
const isLetter = (byte: number | undefined): boolean => within(byte, 0x41, 0x5a) || isSmallLetter(byte);

/** An accented letter of a western encoding looks like half a character, whose other half is the letter behind it. */
const isWesternLetter = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 1 &&
  gbCharacterEnd(bytes, start) !== start + 4 &&
  (isLetter(bytes[start - 1]) || (isLetter(bytes[end]) && isSmallLetter(bytes[end + 1])));

/** A stretch of bytes beyond ASCII: which encodings it is well-formed in, and whether it is surely UTF-8. */
type Run = {
  start: number;
  end: number;
  isUtf8: boolean;
  isChineseUtf8: boolean;
  /** Where its characters end when read as GB18030: the last may take in an ASCII byte. */
  gbEnd: number | undefined;
  isWestern: boolean;
};

const runAt = (bytes: Uint8Array, start: number, end: number): Run => {
  const run = bytes.subarray(start, end);
  const isInUtf8 = isUtf8(run);
  const isWestern = !isInUtf8 && isWesternLetter(bytes, start, end);
  return {
    start,
    end,
    isUtf8: isInUtf8,
    isChineseUtf8: isInUtf8 && chinese.test(utf8.decode(run)),
    gbEnd: isWestern ? undefined : gbEnd(bytes, start, end),
    isWestern,
  };
};

const runsOf = (bytes: Uint8Array): Run[] => {
  const runs: Run[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    if (within(bytes[at], 0, 0x7f)) continue;
    let end = at;
    while (within(bytes[end], 0x80, 0xff)) end += 1;
    runs.push(runAt(bytes, at, end));
    at = end - 1;
  }
  return runs;
};

/** True for UTF-8 whose last character lacks its end, as where a program counted bytes. */
const isCutUtf8 = (bytes: Uint8Array, { start, end }: Run): boolean =>
  [1, 2, 3].some((cut) => {
    const lead = bytes[end - cut];
    return end - cut >= start && within(lead, 0xc2, 0xf4) && isUtf8(bytes.subarray(start, end - cut));
  });

/** Bytes of no encoding are read as UTF-8, which puts U+FFFD in their place. */
const inUtf8 = (bytes: Uint8Array, runs: readonly Run[]): MisreadRun[] =>
  runs
    .filter((run) => !run.isUtf8)
    .map((run) => {
      const { start, end, gbEnd, isWestern } = run;
      if (gbEnd !== undefined && !isCutUtf8(bytes, run)) return { start, end: gbEnd, encoding: 'gb18030' };
      return { start, end, encoding: isWestern ? 'windows-1252' : 'utf-8' };
    });

const inGb18030 = (runs: readonly Run[]): MisreadRun[] => {
  const misread: MisreadRun[] = [];
  let readTo = 0;
  for (const { start, end, isUtf8, isChineseUtf8, gbEnd, isWestern } of runs) {
    if (start < readTo) continue;
    if (gbEnd === undefined || isChineseUtf8)
      misread.push({ start, end, encoding: isWestern && !isUtf8 ? 'windows-1252' : 'utf-8' });
    else readTo = gbEnd;
  }
  return misread;
};

/** Finds what is not in the encoding of most of a file that is not wholly UTF-8. */
export const findMisreadRuns = (bytes: Uint8Array): MixedText | undefined => {
  const runs = runsOf(bytes);
  const count = (is: (run: Run) => boolean): number => runs.filter(is).length;
  const inUtf8Only = count(
    ({ isUtf8, isChineseUtf8, gbEnd }) => isChineseUtf8 || (isUtf8 && gbEnd === undefined),
  );
  const gb = count(({ isUtf8, gbEnd }) => !isUtf8 && gbEnd !== undefined);
  if (count(({ isUtf8, gbEnd }) => !isUtf8 && gbEnd === undefined) > inUtf8Only + gb) return undefined;
  return inUtf8Only > gb
    ? { encoding: 'utf-8', misread: inUtf8(bytes, runs) }
    : { encoding: 'gb18030', misread: inGb18030(runs) };
};
