import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type JournalRecord, recordSchema } from './record.ts';
import { readSegment } from './segment.ts';

/** Where a record lies: segment number, byte offset, byte length. */
export type Position = readonly [segment: number, offset: number, length: number];

export type Journal = {
  /** Resolves once the record is on disk. Records appended together share one fsync. */
  append(record: JournalRecord): Promise<Position>;
  read(position: Position): Promise<JournalRecord>;
  /** Waits for what was appended, then closes the files. */
  close(): Promise<void>;
};

const defaultSegmentBytes = 64 * 1024 * 1024;
const segmentName = (segment: number) => `${String(segment).padStart(8, '0')}.jsonl`;
const segmentNumber = (name: string) => Number.parseInt(name, 10);

const syncFolder = async (folder: string) => {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
};

type Pending = { line: Buffer; settle: (position: Position) => void; fail: (error: unknown) => void };

/**
 * Opens the journal in a folder and gives every record it holds to onRecord, oldest first.
 * A last line cut short by a crash is dropped: its record was never acknowledged.
 */
export const openJournal = async (
  folder: string,
  onRecord: (record: JournalRecord, position: Position) => void,
  options: { segmentBytes?: number } = {},
): Promise<Journal> => {
  const segmentLimitBytes = options.segmentBytes ?? defaultSegmentBytes;
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const handles = new Map<number, FileHandle>();
  let segment = 1;
  let size = 0;
  for (const [index, name] of names.entries()) {
    segment = segmentNumber(name);
    const isLast = index === names.length - 1;
    size = await readSegment(join(folder, name), isLast, (value, offset, length) =>
      onRecord(recordSchema.parse(value), [segment, offset, length]),
    );
  }

  const handleOf = async (number: number): Promise<FileHandle> => {
    const known = handles.get(number);
    if (known !== undefined) return known;
    const handle = await open(join(folder, segmentName(number)), 'a+');
    handles.set(number, handle);
    return handle;
  };
  let writer = await handleOf(segment);
  await syncFolder(folder);

  let pending: Pending[] = [];
  let writing: Promise<void> | undefined;
  let broken: unknown;

  const writeBatch = async (batch: Pending[]) => {
    if (broken !== undefined) throw broken;
    if (size >= segmentLimitBytes) {
      segment += 1;
      size = 0;
      writer = await handleOf(segment);
      await syncFolder(folder);
    }
    await writer.appendFile(Buffer.concat(batch.map(({ line }) => line)));
    await writer.datasync();
    for (const { line, settle } of batch) {
      settle([segment, size, line.length]);
      size += line.length;
    }
  };

  const drain = async () => {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      try {
        await writeBatch(batch);
      } catch (error) {
        // After a failed write nobody knows what the file holds: no later record may claim to be durable.
        broken ??= error;
        for (const { fail } of batch) fail(error);
      }
    }
    writing = undefined;
  };

  return {
    append: (record) =>
      new Promise((settle, fail) => {
        pending.push({ line: Buffer.from(`${JSON.stringify(record)}\n`), settle, fail });
        writing ??= drain();
      }),
    async read([number, offset, length]) {
      const handle = await handleOf(number);
      const buffer = Buffer.alloc(length);
      await handle.read(buffer, 0, length, offset);
      return recordSchema.parse(JSON.parse(buffer.toString('utf8')));
    },
    async close() {
      await writing;
      for (const handle of handles.values()) await handle.close();
      handles.clear();
    },
  };
};
