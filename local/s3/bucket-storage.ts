import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import { openRecordLog } from '../durable/record-log.ts';
import { type BucketState, createBucketState } from './bucket-state.ts';
import { createEventOutbox } from './event-outbox.ts';
import { createObjectView, type ObjectView } from './object-view.ts';
import { type BucketRecord, bucketRecordSchema, type PendingEvent } from './records.ts';

type ReadableState = Omit<BucketState, 'apply' | 'snapshot' | 'takeDiscarded'>;

export type BucketStorage = {
  state: ReadableState;
  dataPath(file: string): string;
  /** A fresh name in the data folder, and its path. */
  newFile(): { file: string; path: string };
  /** Commits a record: on disk first, then in the view of its key, then as an event. */
  commit(record: BucketRecord, key?: string): Promise<void>;
  close(): Promise<void>;
};

const showAll = async (state: ReadableState, view: ObjectView, dataPath: (file: string) => string) => {
  await view.clear();
  for (const key of state.sortedKeys()) {
    const current = state.current(key);
    if (current) await view.show(key, dataPath(current.file));
  }
};

const openState = async (folder: string, dataFolder: string, reach: CallPort['reach'] | undefined) => {
  const state = createBucketState();
  const log = await openRecordLog<BucketRecord>({
    file: join(folder, 'log.jsonl'),
    name: 's3',
    reach,
    parse: (line) => bucketRecordSchema.parse(line),
    apply: state.apply,
    snapshot: state.snapshot,
  });
  state.takeDiscarded();
  // Left by a crash between writing a body and naming it, or between forgetting it and removing it.
  const named = state.files();
  for (const file of await readdir(dataFolder)) {
    if (!named.has(file)) await rm(join(dataFolder, file), { force: true });
  }
  return { state, log };
};

/** Opens a bucket's folder: its log, the data files it names, the view of current objects, its unsent events. */
export const openBucketStorage = async (options: {
  folder: string;
  clock: Clock;
  deliver: (event: PendingEvent) => Promise<void>;
  reach?: CallPort['reach'] | undefined;
}): Promise<BucketStorage> => {
  const { folder, clock, deliver, reach } = options;
  const [dataFolder, temporaryFolder] = [join(folder, 'data'), join(folder, 'tmp')];
  const dataPath = (file: string) => join(dataFolder, file);
  await rm(temporaryFolder, { recursive: true, force: true });
  for (const path of [dataFolder, temporaryFolder]) await mkdir(path, { recursive: true });
  const { state, log } = await openState(folder, dataFolder, reach);

  const view = createObjectView(join(folder, 'objects'), temporaryFolder);
  const currentMark = join(folder, 'view-is-current');
  let isViewCurrent = await rm(currentMark).then(
    () => true,
    () => false,
  );
  if (!isViewCurrent) await showAll(state, view, dataPath);
  isViewCurrent = true;

  const outbox = createEventOutbox({
    clock,
    deliver,
    onSent: ({ sequencer }) => log.note({ op: 'sent', sequencer }),
  });
  for (const event of state.pendingEvents()) outbox.send(event);

  const updateView = async (key: string) => {
    const current = state.current(key);
    try {
      await (current ? view.show(key, dataPath(current.file)) : view.hide(key));
    } catch {
      // A program may hold the shown file open (Windows); the object itself is stored all the same.
      isViewCurrent = false;
    }
  };

  return {
    state,
    dataPath,
    newFile: () => {
      const file = randomUUID();
      return { file, path: dataPath(file) };
    },
    commit: async (record, key) => {
      await log.append(record);
      if (key !== undefined) await updateView(key);
      for (const file of state.takeDiscarded()) await rm(dataPath(file), { force: true });
      if ('event' in record && record.event) outbox.send(record.event);
    },
    close: async () => {
      await outbox.close();
      await log.close();
      if (isViewCurrent) await writeFile(currentMark, '');
    },
  };
};
