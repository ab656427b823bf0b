import { createReadStream } from 'node:fs';
import { truncate } from 'node:fs/promises';

const newline = 0x0a;

type Line = { text: string; offset: number; length: number; isComplete: boolean };

async function* linesOf(path: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  const toLine = (bytes: Buffer, isComplete: boolean): Line => ({
    text: bytes.toString('utf8'),
    offset,
    length: bytes.length,
    isComplete,
  });
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    let data = Buffer.concat([rest, chunk]);
    for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline)) {
      yield toLine(data.subarray(0, end + 1), true);
      offset += end + 1;
      data = data.subarray(end + 1);
    }
    rest = data;
  }
  if (rest.length > 0) yield toLine(rest, false);
}

const parsed = ({ text, isComplete }: Line): { value: unknown } | undefined => {
  if (!isComplete) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/** A crash tears only the last write: nothing after the unreadable line is whole. */
const isTornEnd = async (path: string, from: number): Promise<boolean> => {
  for await (const line of linesOf(path)) {
    if (line.offset > from && parsed(line) !== undefined) return false;
  }
  return true;
};

/**
 * Gives each line's JSON of a journal file to onValue, and answers the file's length in bytes.
 * In the last file a torn end is cut off; any other line that is no JSON throws, naming file and offset.
 */
export const readSegment = async (
  path: string,
  isLast: boolean,
  onValue: (value: unknown, offset: number, length: number) => void,
): Promise<number> => {
  let size = 0;
  for await (const line of linesOf(path)) {
    const json = parsed(line);
    if (json === undefined) {
      if (!isLast || !(await isTornEnd(path, line.offset))) {
        throw new Error(`The journal ${path} is damaged at byte ${line.offset}.`);
      }
      await truncate(path, line.offset);
      break;
    }
    onValue(json.value, line.offset, line.length);
    size = line.offset + line.length;
  }
  return size;
};
