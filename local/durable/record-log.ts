import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CallPort } from '../calls/call-port.ts';
import { appendPoints } from './append-points.ts';
import { writeFileDurably } from './write-file.ts';

export type RecordLog<Entry> = {
  /** Resolves once the record is on disk and applied. */
  append(record: Entry): Promise<void>;
  /**
   * Resolves once the record is written and applied, without waiting for the disk: it outlives the process but
   * perhaps not a power cut. For what may happen once more, as an acknowledgement.
   */
  note(record: Entry): Promise<void>;
  /** Waits for what was appended, then closes the file. */
  close(): Promise<void>;
};

export type RecordLogOptions<Entry> = {
  file: string;
  /** What the log is called at its points, see append-points.ts. */
  name: string;
  reach?: CallPort['reach'] | undefined;
  /** Reads a parsed line back; throws on one that is no record. */
  parse: (line: unknown) => Entry;
  /** Folds a record into the state: for each at opening, then for each appended one once it is on disk. */
  apply: (record: Entry) => void;
  /** The records that make the present state, for compaction. */
  snapshot: () => Entry[];
};

type Pending<Entry> = {
  record: Entry;
  isDurable: boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
};

const rewriteAfterDeadRecords = 20_000;

const toLine = (record: unknown) => `${JSON.stringify(record)}\n`;

const readLines = async (file: string): Promise<string[]> => {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  // A crash may cut the last line short; it was never acknowledged.
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) await truncate(file, end);
  return bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
};

/**
 * An append-only file of JSON lines whose fold is the state of a service. Appends made while another is
 * being written share the next fsync. The file is rewritten from the snapshot when mostly dead.
 */
export const openRecordLog = async <Entry>(options: RecordLogOptions<Entry>): Promise<RecordLog<Entry>> => {
  const { file, parse, apply, snapshot } = options;
  const points = appendPoints(options.name, options.reach);
  await mkdir(dirname(file), { recursive: true });
  const lines = await readLines(file);
  for (const [index, line] of lines.entries()) {
    try {
      apply(parse(JSON.parse(line)));
    } catch (error) {
      throw new Error(`${file}, line ${index + 1}: not a record of this log`, { cause: error });
    }
  }

  let recordCount = lines.length;
  let handle: FileHandle = await open(file, 'a');
  let waiting: Pending<Entry>[] = [];
  let writing: Promise<void> | undefined;
  let isClosed = false;
  let fault: unknown;

  const rewriteWhenMostlyDead = async () => {
    if (recordCount < rewriteAfterDeadRecords) return;
    const live = snapshot();
    if (recordCount - live.length < Math.max(rewriteAfterDeadRecords, live.length)) return;
    await handle.close();
    await writeFileDurably(file, live.map(toLine).join(''));
    handle = await open(file, 'a');
    recordCount = live.length;
  };

  const writeBatch = async (batch: Pending<Entry>[]) => {
    try {
      if (fault) throw fault;
      points.before(file, batch);
      await handle.appendFile(batch.map(({ record }) => toLine(record)).join(''));
      if (batch.some(({ isDurable }) => isDurable)) await handle.datasync();
    } catch (error) {
      // After a failed write the end of the file is unknown: nothing may follow it.
      fault = error;
      for (const { reject } of batch) reject(error);
      return;
    }
    points.after(file, batch);
    recordCount += batch.length;
    for (const { record, resolve } of batch) {
      apply(record);
      resolve();
    }
    await rewriteWhenMostlyDead();
  };

  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await writeBatch(batch);
    }
    writing = undefined;
  };

  await rewriteWhenMostlyDead();
  const add = (record: Entry, isDurable: boolean) =>
    new Promise<void>((resolve, reject) => {
      if (isClosed) return reject(new Error(`${file} is closed`));
      waiting.push({ record, isDurable, resolve, reject });
      writing ??= writeAll();
    });
  return {
    append: (record) => add(record, true),
    note: (record) => add(record, false),
    close: async () => {
      isClosed = true;
      await writing;
      await handle.close();
    },
  };
};
