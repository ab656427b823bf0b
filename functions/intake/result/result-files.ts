import type { Language } from '../../../domain/values/languages.ts';
import { logger } from '../../shared/logger.ts';
import type { Layout } from '../mapping/layout.ts';
import { ownCsv } from './own-csv.ts';
import { ownWorkbook } from './own-file/own-workbook.ts';
import type { ResultOf } from './result-json.ts';
import { resultWorkbook } from './result-workbook.ts';
import type { ResultRow } from './row-results.ts';

const isZip = (bytes: Buffer): boolean => bytes.subarray(0, 2).toString('latin1') === 'PK';

/**
 * The result as files: the sender's own workbook with the result in it, or for delimited text the sender's own rows beside
 * a workbook written anew. A file that could not be read, and one that will not be written again, get that workbook alone.
 */
export const resultFiles = async (
  original: Buffer | undefined,
  result: ResultOf & { language: Language },
  rows: readonly ResultRow[],
  layout: Layout | undefined,
): Promise<{ xlsx: Buffer; csv?: Buffer }> => {
  const anew = () => resultWorkbook(result, rows, layout);
  if (!original || !layout) return { xlsx: await anew() };
  if (!isZip(original)) return { xlsx: await anew(), csv: ownCsv(original, rows, layout) };
  try {
    return { xlsx: await ownWorkbook(original, result, rows, layout) };
  } catch (error) {
    logger.error('the sender’s workbook could not be written again', {
      uploadId: result.uploadId,
      error: error instanceof Error ? error.name : 'unknown',
    });
    return { xlsx: await anew() };
  }
};
