import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of a journal, by their numbers, and how many of each one's records are still of use. */
export type SegmentFiles = {
  pathOf(segment: number): string;
  handleOf(segment: number): Promise<FileHandle>;
  /** One more record of use. */
  add(segment: number): void;
  /** One less. */
  drop(segment: number): void;
  /** Deletes the file if it holds nothing of use. */
  removeIfIdle(segment: number): Promise<void>;
  close(): Promise<void>;
};

const nameOf = (segment: number) => `${String(segment).padStart(8, '0')}.jsonl`;

/** The number in a journal file's name. */
export const segmentNumber = (name: string): number => Number.parseInt(name, 10);

export const createSegmentFiles = (folder: string): SegmentFiles => {
  const handles = new Map<number, Promise<FileHandle>>();
  const uses = new Map<number, number>();
  const change = (segment: number, by: number) => uses.set(segment, (uses.get(segment) ?? 0) + by);
  const pathOf = (segment: number) => join(folder, nameOf(segment));
  return {
    pathOf,
    handleOf(segment) {
      const known = handles.get(segment);
      if (known !== undefined) return known;
      const opening = open(pathOf(segment), 'a+');
      handles.set(segment, opening);
      opening.catch(() => handles.delete(segment));
      return opening;
    },
    add: (segment) => change(segment, 1),
    drop: (segment) => change(segment, -1),
    async removeIfIdle(segment) {
      if (uses.get(segment) !== 0) return;
      uses.delete(segment);
      const handle = handles.get(segment);
      handles.delete(segment);
      await (await handle)?.close();
      await rm(pathOf(segment), { force: true });
    },
    async close() {
      for (const handle of handles.values()) await (await handle).close();
      handles.clear();
    },
  };
};
