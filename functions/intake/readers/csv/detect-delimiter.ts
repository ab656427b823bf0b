import { columnFor } from '../../../../domain/uploads/template-columns.ts';
import { withoutShield } from '../../text-shield.ts';
import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import { splitRecords } from './split-records.ts';

const delimiters = [',', ';', '\t', '|'] as const;
/** Less than the fields that a record may have. */
const sampleCharacters = 16_000;

/** The records of a sample, up to a quote that does not close in it; the first line without regard to quotes if need be. */
const firstRecords = (sample: string, delimiter: string): string[][] => {
  const records: string[][] = [];
  try {
    for (const { fields } of splitRecords(sample, delimiter)) {
      records.push(fields);
      if (records.length === limits.headerRow) break;
    }
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
  }
  return records.length > 0 ? records : [(/^[^\r\n]*/.exec(sample)?.[0] ?? '').split(delimiter)];
};

type Score = [headers: number, headerCells: number, cells: number];

/** Of the record with most known headers, else of the first that is not blank; a list in a cell below splits only that cell. */
const score = (sample: string, delimiter: string): Score => {
  const records = firstRecords(sample, delimiter);
  const notBlank = records.filter((record) => record.some((cell) => cell.trim() !== ''));
  const filled = notBlank.length > 0 ? notBlank : records;
  const headersIn = (record: readonly string[]): number =>
    record.slice(0, limits.columns).filter((cell) => columnFor(withoutShield(cell)) !== undefined).length;
  const [header, known] = filled
    .map((record) => [record, headersIn(record)] as const)
    .reduce((best, one) => (one[1] > best[1] ? one : best), [filled[0] ?? [], 0]);
  return [known, header.length, Math.max(0, ...filled.map(({ length }) => length))];
};

/**
 * The delimiter under which a row of the first ten has most known headers; where none is known, under which the first has
 * most cells, then any. A comma when none differs.
 */
export const detectDelimiter = (text: string): string => {
  const sample = text.slice(0, sampleCharacters);
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, score: score(sample, delimiter) }))
    .sort((a, b) => b.score[0] - a.score[0] || b.score[1] - a.score[1] || b.score[2] - a.score[2]);
  return best?.delimiter ?? ',';
};
