import { sizeLimits } from '../../../../functions/intake/readers/limits.ts';
import { csvOf } from '../../sample-orders.ts';
import { type HostileCase, header, hostile, noise, orderRows } from './hostile-case.ts';

const megabytes = (count: number): number => count * 1024 * 1024;

/** Bytes that look like nothing; the same every time. */
const binaryNoise = (length: number): Buffer => {
  const bytes = Buffer.from(noise(length));
  for (let at = 0; at < length; at += 1) bytes[at] = ((bytes[at] ?? 0) * 167 + at) & 0xff;
  return bytes;
};

const manyRows = (count: number): string => csvOf([header, ...Array.from({ length: count }, () => ['PO-1'])]);

/** Delimited text that is none, that has no end, or that is not about orders. */
export const textCases: readonly HostileCase[] = [
  hostile('an HTML table called .xls', 'NOT_A_SPREADSHEET', () =>
    Buffer.from('<html><table><tr><td>订单号</td></tr></table>'),
  ),
  hostile('a workbook of 2003 in XML', 'NOT_A_SPREADSHEET', () =>
    Buffer.from('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
  ),
  hostile('binary without a name', 'NOT_A_SPREADSHEET', () => Buffer.from([1, 2, 0, 3, 0, 0])),
  hostile('a megabyte of noise', 'NOT_A_SPREADSHEET', () => binaryNoise(megabytes(1))),
  hostile('ten megabytes of zeros', 'NOT_A_SPREADSHEET', () => Buffer.alloc(megabytes(10))),
  hostile('bytes of no encoding', 'ENCODING_UNREADABLE', () => Buffer.from([0x61, 0xff, 0xff, 0x2c])),
  hostile('ten megabytes of 0xff', 'ENCODING_UNREADABLE', () => Buffer.alloc(megabytes(10), 0xff)),
  hostile('UTF-7', 'ENCODING_UNREADABLE', () => Buffer.from('+/v8-+ZyxUDA-,+U+H5-\r\n1,2\r\n')),
  hostile('UTF-32', 'ENCODING_UNREADABLE', () => Buffer.from('fffe00004e000000', 'hex')),
  hostile('UTF-16 of nothing but halves', 'ENCODING_UNREADABLE', () =>
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(1000, Buffer.from([0x00, 0xd8]))]),
  ),
  hostile('a CSV cell longer than cells can be', 'CELL_TOO_LONG', () =>
    Buffer.from(csvOf([...orderRows, ['x'.repeat(40_000)]])),
  ),
  hostile('one line of ten megabytes', 'CELL_TOO_LONG', () => Buffer.alloc(megabytes(10), 'a')),
  hostile('one line of ten megabytes in fields', 'TOO_MANY_COLUMNS', () => Buffer.alloc(megabytes(10), 'a,')),
  hostile('ten megabytes of separators', 'TOO_MANY_COLUMNS', () => Buffer.alloc(megabytes(10), ',')),
  hostile('ten megabytes of quotes', 'CELL_TOO_LONG', () => Buffer.alloc(megabytes(10), '"')),
  hostile('quotes that never close', 'DAMAGED', () => Buffer.alloc(megabytes(10) - 1, '"')),
  hostile('quotes and separators in turn', 'TOO_MANY_COLUMNS', () => Buffer.alloc(megabytes(10), '"",')),
  hostile('broken quotes without end', 'TOO_MANY_COLUMNS', () => Buffer.alloc(megabytes(9), '"a"b,')),
  hostile('ten megabytes of line breaks', 'HEADER_MISSING', () => Buffer.alloc(megabytes(10), '\r\n')),
  hostile('ten megabytes of spaces', 'CELL_TOO_LONG', () => Buffer.alloc(megabytes(10), ' ')),
  hostile('a header and ten megabytes of line breaks', 'NO_ROWS', () =>
    Buffer.concat([Buffer.from(csvOf([header])), Buffer.alloc(megabytes(9), '\n')]),
  ),
  hostile('a header and ten megabytes of quoted line breaks', 'CELL_TOO_LONG', () =>
    Buffer.from(`${csvOf(orderRows)}"${'\n'.repeat(megabytes(9))}"`),
  ),
  hostile('a CSV with an unclosed quote', 'DAMAGED', () => Buffer.from(`${csvOf(orderRows)}"PO-2,`)),
  hostile('no header', 'HEADER_MISSING', () => Buffer.from('a,b,c\r\n1,2,3\r\n')),
  hostile('a header below row 10', 'HEADER_MISSING', () =>
    Buffer.from(csvOf([...Array.from({ length: 10 }, () => ['x']), ...orderRows])),
  ),
  hostile('four known headers', 'HEADER_MISSING', () =>
    Buffer.from(csvOf([header.slice(0, 4), ['1', '2', '3', '4']])),
  ),
  hostile('a header alone', 'NO_ROWS', () => Buffer.from(csvOf([header]))),
  hostile('the same column twice', 'DUPLICATE_COLUMN', () =>
    Buffer.from(csvOf([[...header, '采购单号'], ['x']])),
  ),
  hostile('another header below the first', 'HEADER_CHANGES', () =>
    Buffer.from(csvOf([...orderRows, header.toReversed()])),
  ),
  hostile('more than 10,000 rows', 'TOO_MANY_ROWS', () => Buffer.from(manyRows(sizeLimits().dataRows + 1))),
  hostile('a million rows', 'TOO_MANY_ROWS', () => Buffer.from(manyRows(1_000_000))),
];
