import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallPort } from '../../calls/call-port.ts';
import { appendPoints } from '../../durable/append-points.ts';
import { type JournalRecord, recordSchema } from './record.ts';
import { readSegment } from './segment.ts';
import { createSegmentFiles, segmentNumber } from './segment-files.ts';

/** Where a record lies: segment number, byte offset, byte length. */
export type Position = readonly [segment: number, offset: number, length: number];

export type Journal = {
  /** Resolves once the record is on disk. Records appended together share one fsync. */
  append(record: JournalRecord): Promise<Position>;
  read(position: Position): Promise<JournalRecord>;
  /** Nobody will read these records again: a file that holds nothing else is deleted. */
  forget(positions: readonly Position[]): Promise<void>;
  /** Waits for what was appended, then closes the files. */
  close(): Promise<void>;
};

const defaultSegmentBytes = 64 * 1024 * 1024;
const syncFolder = async (folder: string) => {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
};

type Pending = {
  record: JournalRecord;
  line: Buffer;
  settle: (position: Position) => void;
  fail: (error: unknown) => void;
};

/**
 * Opens the journal in a folder and gives every record it holds to onRecord, oldest first.
 * A last line cut short by a crash is dropped: its record was never acknowledged.
 */
export const openJournal = async (
  folder: string,
  onRecord: (record: JournalRecord, position: Position) => void,
  options: { segmentBytes?: number; reach?: CallPort['reach'] | undefined } = {},
): Promise<Journal> => {
  const segmentLimitBytes = options.segmentBytes ?? defaultSegmentBytes;
  const points = appendPoints('journal', options.reach);
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const files = createSegmentFiles(folder);
  let segment = 1;
  let size = 0;
  for (const [index, name] of names.entries()) {
    segment = segmentNumber(name);
    const isLast = index === names.length - 1;
    size = await readSegment(join(folder, name), isLast, (value, offset, length) => {
      files.add(segment);
      onRecord(recordSchema.parse(value), [segment, offset, length]);
    });
  }

  let writer = await files.handleOf(segment);
  await syncFolder(folder);

  let pending: Pending[] = [];
  let writing: Promise<void> | undefined;
  let broken: unknown;

  const writeBatch = async (batch: Pending[]) => {
    if (broken !== undefined) throw broken;
    if (size >= segmentLimitBytes) {
      const full = segment;
      segment += 1;
      size = 0;
      writer = await files.handleOf(segment);
      await syncFolder(folder);
      await files.removeIfIdle(full);
    }
    const file = files.pathOf(segment);
    points.before(file, batch);
    await writer.appendFile(Buffer.concat(batch.map(({ line }) => line)));
    await writer.datasync();
    points.after(file, batch);
    for (const { line, settle } of batch) {
      files.add(segment);
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
        pending.push({ record, line: Buffer.from(`${JSON.stringify(record)}\n`), settle, fail });
        writing ??= drain();
      }),
    async read([number, offset, length]) {
      const handle = await files.handleOf(number);
      const buffer = Buffer.alloc(length);
      await handle.read(buffer, 0, length, offset);
      return recordSchema.parse(JSON.parse(buffer.toString('utf8')));
    },
    async forget(positions) {
      for (const [number] of positions) files.drop(number);
      for (const number of new Set(positions.map(([at]) => at))) {
        if (number !== segment) await files.removeIfIdle(number);
      }
    },
    async close() {
      await writing;
      await files.close();
    },
  };
};
