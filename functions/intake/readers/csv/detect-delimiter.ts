import { parse } from 'csv-parse/sync';
import { columnFor } from '../../../../domain/template-columns.ts';

const delimiters = [',', ';', '\t', '|'] as const;
const sampleCharacters = 65_536;

const score = (sample: string, delimiter: string): [headers: number, cells: number] => {
  try {
    const records = parse(sample, { delimiter, to: 10, relax_column_count: true, relax_quotes: true });
    const known = records.map((record) => record.filter((cell) => columnFor(cell) !== undefined).length);
    return [Math.max(0, ...known), Math.max(0, ...records.map(({ length }) => length))];
  } catch {
    return [0, 0];
  }
};

/** The delimiter under which a row of the first ten has most known headers, then most cells; a comma when none differs. */
export const detectDelimiter = (text: string): string => {
  const sample = text.slice(0, sampleCharacters);
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, score: score(sample, delimiter) }))
    .sort((a, b) => b.score[0] - a.score[0] || b.score[1] - a.score[1]);
  return best?.delimiter ?? ',';
};
