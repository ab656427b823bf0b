import { readFile } from 'node:fs/promises';
import { InvalidFile } from '../functions/intake/readers/invalid-file.ts';
import { type Table, tableOf } from '../functions/master-data/read-table.ts';
import { Refusal } from './refusal.ts';

const readBytes = async (path: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Refusal(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Reads a csv or xlsx file, whichever its bytes say it is. Throws Refusal when it is neither or has no row. */
export const readTable = async (path: string): Promise<Table> => {
  const bytes = await readBytes(path);
  try {
    return await tableOf(bytes);
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
    const { value, expected, technical } = error.detail;
    const detail = [value, expected && `allowed: ${expected}`, technical].filter(Boolean).join('; ');
    throw new Refusal(
      `${path} cannot be read: ${error.refusal.toLowerCase().replaceAll('_', ' ')}${detail && ` (${detail})`}`,
    );
  }
};
