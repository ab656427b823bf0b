import type { Sheet } from './cell.ts';
import { readCsv } from './csv/read-csv.ts';
import { InvalidFile, tooLarge } from './invalid-file.ts';
import { type SizeLimits, sizeLimits } from './limits.ts';
import { readXlsx } from './xlsx/read-xlsx.ts';

const compoundFile = 'd0cf11e0a1b11ae1';
const zipMarks = ['504b0304', '504b0506'];
const otherFormats: Readonly<Record<string, string>> = {
  '25504446': 'PDF',
  '89504e47': 'PNG',
  ffd8ffe0: 'JPEG',
  ffd8ffe1: 'JPEG',
  '1f8b': 'gzip',
  '377abcaf': '7z',
  '52617221': 'RAR',
  '7b5c7274': 'RTF',
};

/** An encrypted .xlsx is a compound file too, with a stream of this name. */
const encryptedStream = Buffer.from('EncryptedPackage', 'utf16le');

/**
 * The rows of an order file, by what its bytes say it is (file names lie): .xlsx, or delimited text.
 * Throws InvalidFile and nothing else.
 */
export const readSheet = (bytes: Buffer, signal?: AbortSignal, sizes: SizeLimits = sizeLimits()): Sheet => {
  if (bytes.length > sizes.fileBytes) throw tooLarge(bytes.length, sizes.fileBytes);
  if (bytes.length === 0) throw new InvalidFile('FILE_EMPTY');
  const mark = bytes.subarray(0, 8).toString('hex');
  if (mark === compoundFile) throw new InvalidFile(bytes.includes(encryptedStream) ? 'ENCRYPTED' : 'XLS');
  if (zipMarks.some((zipMark) => mark.startsWith(zipMark))) return readXlsx(bytes, sizes, signal);
  const other = Object.keys(otherFormats).find((otherMark) => mark.startsWith(otherMark));
  if (other) throw new InvalidFile('NOT_A_SPREADSHEET', { value: otherFormats[other] ?? '' });
  return readCsv(bytes);
};
