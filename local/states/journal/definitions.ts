import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../../durable/write-file.ts';
import { loadMachine, type Machine } from '../definition/load-machine.ts';

export type Definitions = {
  /** Resolves once the machine's definition is on disk, so that an execution can rely on it. */
  keep(machine: Machine): Promise<void>;
  /** The machine as it was when an execution started. */
  find(definitionHash: string): Promise<Machine>;
};

/** Definitions by their SHA-256: a changed file never changes an execution that has already started. */
export const openDefinitions = async (folder: string): Promise<Definitions> => {
  await mkdir(folder, { recursive: true });
  const kept = new Map<string, Promise<void>>();
  const loaded = new Map<string, Machine>();
  const pathOf = (hash: string) => join(folder, `${hash}.asl.json`);
  return {
    keep({ definitionHash, definition }) {
      const known = kept.get(definitionHash);
      if (known !== undefined) return known;
      const keeping = writeFileDurably(pathOf(definitionHash), definition);
      kept.set(definitionHash, keeping);
      keeping.catch(() => kept.delete(definitionHash));
      return keeping;
    },
    async find(hash) {
      const machine = loaded.get(hash) ?? loadMachine(hash, await readFile(pathOf(hash), 'utf8'));
      loaded.set(hash, machine);
      return machine;
    },
  };
};
