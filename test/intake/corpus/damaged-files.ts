import { damagedCodes } from './damaged-codes.ts';
import { damagedColumns } from './damaged-columns.ts';
import { damagedDates } from './damaged-dates.ts';
import { damagedDelimited } from './damaged-delimited.ts';
import { damagedEncodings } from './damaged-encodings.ts';
import { type CellDamage, type DamagedFile, damageCell, type SceneDamage } from './damaged-file.ts';
import { damagedFormulas } from './damaged-formulas.ts';
import { damagedNumbers } from './damaged-numbers.ts';
import { damagedRows } from './damaged-rows.ts';
import { damagedSheets } from './damaged-sheets.ts';
import { damagedTexts } from './damaged-texts.ts';

const inCells: readonly CellDamage[] = [
  ...damagedCodes,
  ...damagedNumbers,
  ...damagedDates,
  ...damagedTexts,
  ...damagedFormulas,
];
const inScenes: readonly SceneDamage[] = [
  ...damagedEncodings,
  ...damagedRows,
  ...damagedColumns,
  ...damagedSheets,
  ...damagedDelimited,
];

export type DamagedCase = { name: string; file: () => Promise<DamagedFile> };

/** Every damage in every format it can take, in a file of its own that follows from the seed. */
export const damagedCases = (seed: number): DamagedCase[] => [
  ...inCells.flatMap((damage) =>
    damage.formats.map((format) => ({
      name: `${damage.name} (${format}, ${damage.column})`,
      file: () => damageCell(damage, format, seed),
    })),
  ),
  ...inScenes.map(({ name, damage }) => ({
    name,
    file: async () => ({ name, ...(await damage(seed)) }),
  })),
];
