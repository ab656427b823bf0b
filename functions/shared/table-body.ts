import { findingSentence } from '../../domain/findings/finding-messages.ts';
import { pointerTo } from '../../domain/submissions/schema-problems.ts';
import type { Language } from '../../domain/values/languages.ts';
import { fileFinding } from '../intake/file-finding.ts';
import { InvalidFile } from '../intake/readers/invalid-file.ts';
import { sizeLimits } from '../intake/readers/limits.ts';
import type { RowProblem } from '../master-data/read-records.ts';
import { type Table, tableOf } from '../master-data/read-table.ts';
import type { HttpRequest } from './http-handler.ts';
import { HttpProblem, validationFailed } from './problem.ts';

/** A function is called with 6 MB at the most, in which bytes are base64. */
const maxFileBytes = 4_000_000;
/** As many articles as can be written before the gateway hangs up. */
const maxRows = 5000;
const readMilliseconds = 15_000;

/** The table that a body is, csv or xlsx; undefined for a body of another type. Throws HttpProblem. */
export const tableOfBody = async ({ file }: Pick<HttpRequest, 'file'>): Promise<Table | undefined> => {
  const bytes = file(maxFileBytes);
  if (!bytes) return undefined;
  try {
    return await tableOf(bytes, sizeLimits(maxRows), AbortSignal.timeout(readMilliseconds));
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
    const { code, value, expected } = fileFinding(error);
    throw validationFailed([{ code, pointer: '#', ...(value && { value }), ...(expected && { expected }) }]);
  }
};

/** A file that is wrong in each of its rows says the same again and again. */
const mostTold = 200;

/** The problem for what is wrong in a table's rows, each at its cell. */
export const tableProblem = (problems: readonly RowProblem[], language: Language): HttpProblem => {
  const count = problems.length;
  const errors = problems
    .toSorted((a, b) => a.row - b.row)
    .slice(0, mostTold)
    .map(({ row, column = '', cell, value, suggestion, code = 'FORMAT_INVALID', message }) => {
      const told = {
        code,
        pointer: pointerTo(column === '' ? [row] : [row, column]),
        ...(value && { value: value.slice(0, 200) }),
        ...(suggestion && { suggestion }),
      };
      return {
        ...told,
        ...(cell && { cell }),
        detail: language === 'en' ? `${column} ${message}`.trim() : findingSentence(told, language),
      };
    });
  return new HttpProblem('validation-failed', {
    detail: language === 'en' ? (count === 1 ? '1 problem' : `${count} problems`) : `共 ${count} 处问题`,
    errors,
  });
};
