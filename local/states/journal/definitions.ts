import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { loadMachine, type Machine } from '../definition/load-machine.ts';

export type Definitions = {
  /** Keeps the machine's definition on disk before an execution relies on it. */
  keep(machine: Machine): Promise<void>;
  /** The machine as it was when an execution started. */
  find(definitionHash: string): Promise<Machine>;
};

/** Definitions by their SHA-256: a changed file never changes an execution that has already started. */
export const openDefinitions = async (folder: string): Promise<Definitions> => {
  await mkdir(folder, { recursive: true });
  const known = new Map<string, Machine>();
  const pathOf = (hash: string) => join(folder, `${hash}.asl.json`);
  return {
    async keep(machine) {
      if (known.has(machine.definitionHash)) return;
      const path = pathOf(machine.definitionHash);
      const handle = await open(`${path}.tmp`, 'w');
      await handle.writeFile(machine.definition);
      await handle.sync();
      await handle.close();
      await rename(`${path}.tmp`, path);
      known.set(machine.definitionHash, machine);
    },
    async find(hash) {
      const machine = known.get(hash) ?? loadMachine(hash, await readFile(pathOf(hash), 'utf8'));
      known.set(hash, machine);
      return machine;
    },
  };
};
