import { deflateRawSync } from 'node:zlib';
import { limits, sizeLimits } from '../../../../functions/intake/readers/limits.ts';
import {
  anXlsx,
  contentTypes,
  type Parts,
  textRows,
  workbook,
  worksheet,
  xlsxType,
  zipOf,
} from '../../an-xlsx.ts';
import { workbookParts } from '../../corpus/write-workbook.ts';
import { type HostileCase, hostile, noise, orderRows, sheetPart } from './hostile-case.ts';
import { type RawEntry, rawZip } from './raw-zip.ts';

const compoundFile = (content: Buffer): Buffer =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), content]);

const macroType = 'application/vnd.ms-excel.sheet.macroEnabled.main+xml';
const binaryType = 'application/vnd.ms-excel.sheet.binary.macroEnabled.main';
const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

const parts: Parts = workbookParts({
  sheets: [{ name: '订单', rows: orderRows.map((cells) => ({ cells })) }],
});

/** A workbook of orders by the raw writer, with entries changed or added. */
const rawWorkbook = (
  change: (entry: RawEntry) => RawEntry = (entry) => entry,
  more: readonly RawEntry[] = [],
  end?: (record: Buffer) => Buffer,
): Buffer =>
  rawZip([...Object.entries(parts).map(([name, content]) => change({ name, content })), ...more], end);

const inPart = (part: string, changes: Partial<RawEntry>) => (entry: RawEntry) =>
  entry.name === part ? { ...entry, ...changes } : entry;

/** Declares fewer bytes than an entry really inflates to. */
const withLyingSize = async (): Promise<Buffer> => {
  const bytes = await anXlsx('', {
    [sheetPart]: worksheet(`<row><c t="inlineStr"><is><t>${'a'.repeat(900_000)}</t></is></c></row>`),
  });
  const name = Buffer.from(sheetPart);
  const central = bytes.lastIndexOf(name) - 46;
  bytes.writeUInt32LE(9000, central + 24);
  return bytes;
};

/** A zip64 file whose last record points at one that is not there. */
const zip64WithoutItsRecord = (record: Buffer): Buffer => {
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50);
  locator.writeBigUInt64LE(2n ** 40n, 8);
  locator.writeUInt32LE(1, 16);
  const last = Buffer.from(record);
  last.writeUInt16LE(0xffff, 8);
  last.writeUInt16LE(0xffff, 10);
  last.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([locator, last]);
};

/** Many names for the same bytes, as in a bomb without nesting: it inflates to their number times its size. */
const overlapping = (): Buffer => {
  const kernel = { name: 'xl/media/0.bin', content: Buffer.alloc(8 * 1024 * 1024) };
  const names = Array.from({ length: 40 }, (_, index) => ({
    name: `xl/media/${index + 1}.bin`,
    content: '',
    declaredSize: kernel.content.length,
    bytesOf: Object.keys(parts).length,
  }));
  return rawWorkbook(undefined, [kernel, ...names]);
};

/** One part in many places: it is declared once and inflates as often as it is read. */
const readAgainAndAgain = (): Promise<Buffer> => {
  const names = Array.from({ length: 8 }, (_, index) => ({ name: `S${index}` }));
  const book = workbook(names);
  const relationships = String(book['xl/_rels/workbook.xml.rels']);
  const text = Array.from({ length: 1000 }, (_, seed) => `<x>${noise(3000, seed).repeat(10)}</x>`).join('');
  return anXlsx('', {
    ...book,
    'xl/_rels/workbook.xml.rels': relationships.replaceAll(
      /Target="[^"]*"/g,
      'Target="worksheets/sheet1.xml"',
    ),
    [sheetPart]: `<worksheet>${text}</worksheet>`,
  });
};

const marks: readonly (readonly [name: string, mark: string])[] = [
  ['a PDF', '255044462d312e37'],
  ['a PNG', '89504e470d0a1a0a'],
  ['a JPEG', 'ffd8ffe000104a46'],
  ['a gzip', '1f8b080000000000'],
  ['a 7z', '377abcaf271c0004'],
  ['a RAR', '526172211a070100'],
  ['an RTF', '7b5c727466310000'],
];

/** Packages that are something else, that inflate without end, or whose directory lies. */
export const zipCases: readonly HostileCase[] = [
  hostile('an empty file', 'FILE_EMPTY', () => Buffer.alloc(0)),
  hostile('more than 10 MB', 'FILE_TOO_LARGE', () => Buffer.alloc(sizeLimits().fileBytes + 1, 'a')),
  hostile('an old .xls', 'XLS', () => compoundFile(Buffer.from('Workbook', 'utf16le'))),
  hostile('an old .xls that is cut off', 'XLS', () => compoundFile(Buffer.alloc(0)).subarray(0, 20)),
  hostile('an encrypted workbook', 'ENCRYPTED', () =>
    compoundFile(Buffer.from('EncryptedPackage', 'utf16le')),
  ),
  hostile('a zip whose entries need a password', 'ENCRYPTED', () =>
    rawWorkbook(inPart(sheetPart, { flags: 1 })),
  ),
  hostile('a workbook with macros', 'XLSM', () =>
    anXlsx('', { '[Content_Types].xml': contentTypes(macroType) }),
  ),
  hostile('macros under the name of a plain workbook', 'XLSM', () =>
    anXlsx('', { 'xl/vbaProject.bin': 'x' }),
  ),
  hostile('macros in letters of another case', 'XLSM', () => anXlsx('', { 'XL/VBAPROJECT.BIN': 'x' })),
  hostile('a binary workbook', 'XLSB', () => anXlsx('', { '[Content_Types].xml': contentTypes(binaryType) })),
  hostile('a Word document', 'NOT_A_SPREADSHEET', () =>
    zipOf({ '[Content_Types].xml': contentTypes(wordType), 'word/document.xml': '<w/>' }),
  ),
  hostile('a workbook that says it is plain text', 'NOT_A_SPREADSHEET', () =>
    anXlsx('', { '[Content_Types].xml': contentTypes('text/plain') }),
  ),
  hostile('an OpenDocument sheet', 'NOT_A_SPREADSHEET', () =>
    zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }),
  ),
  hostile('any other zip', 'NOT_A_SPREADSHEET', () => zipOf({ 'a.txt': 'hello' })),
  hostile('a zip in a zip', 'NOT_A_SPREADSHEET', async () =>
    zipOf({ 'orders.xlsx': await anXlsx(textRows(orderRows)) }),
  ),
  hostile('an empty zip', 'NOT_A_SPREADSHEET', () => zipOf({})),
  hostile('a zip without a workbook part', 'NOT_A_SPREADSHEET', () =>
    zipOf({ '[Content_Types].xml': contentTypes(xlsxType) }),
  ),
  ...marks.map(([name, mark]) =>
    hostile(name, 'NOT_A_SPREADSHEET', () =>
      Buffer.concat([Buffer.from(mark, 'hex'), Buffer.from(noise(5000))]),
    ),
  ),
  hostile('a program in front of a workbook', 'NOT_A_SPREADSHEET', async () =>
    Buffer.concat([Buffer.from('MZ'), Buffer.alloc(510), await anXlsx(textRows(orderRows))]),
  ),
  hostile('a truncated workbook', 'DAMAGED', async () =>
    (await anXlsx(textRows(orderRows))).subarray(0, -30),
  ),
  hostile('a workbook cut in the middle', 'DAMAGED', async () =>
    (await anXlsx(textRows(orderRows))).subarray(0, 600),
  ),
  hostile('the first bytes of a workbook', 'DAMAGED', async () => (await anXlsx('')).subarray(0, 4)),
  hostile('a wrong checksum', 'DAMAGED', () => rawWorkbook(inPart(sheetPart, { crc: 1 }))),
  hostile('a wrong checksum of a stored part', 'DAMAGED', () =>
    rawWorkbook(inPart('xl/sharedStrings.xml', { crc: 1, method: 0 })),
  ),
  hostile('a way of packing that nobody has', 'DAMAGED', () =>
    rawWorkbook(inPart(sheetPart, { method: 14 })),
  ),
  hostile('a name above the package', 'DAMAGED', () =>
    rawWorkbook(undefined, [{ name: '../../evil', content: '' }]),
  ),
  hostile('an absolute name', 'DAMAGED', () => rawWorkbook(undefined, [{ name: '/etc/evil', content: '' }])),
  hostile('a name with a drive', 'DAMAGED', () => rawWorkbook(undefined, [{ name: 'C:/evil', content: '' }])),
  hostile('a name twice', 'DAMAGED', () =>
    rawWorkbook(undefined, [{ name: sheetPart, content: '<worksheet/>' }]),
  ),
  hostile('a name twice in another case', 'DAMAGED', () =>
    rawWorkbook(undefined, [{ name: sheetPart.toUpperCase(), content: '<worksheet/>' }]),
  ),
  hostile('zip64 without its record', 'DAMAGED', () => rawWorkbook(undefined, [], zip64WithoutItsRecord)),
  hostile('a directory that is not there', 'DAMAGED', () =>
    rawWorkbook(undefined, [], (record) => {
      record.writeUInt32LE(0x7fffffff, 16);
      return record;
    }),
  ),
  hostile('deflated noise in place of a part', 'DAMAGED', () =>
    zipOf({ '[Content_Types].xml': deflateRawSync(Buffer.from('x'.repeat(500))) }),
  ),
  hostile('a bomb that lies about its size', 'DAMAGED', withLyingSize),
  hostile('a bomb by its ratio', 'INFLATES_TOO_MUCH', () =>
    anXlsx('', { [sheetPart]: `<worksheet>${' '.repeat(20_000_000)}</worksheet>` }),
  ),
  hostile('a bomb in a part that nobody reads', 'INFLATES_TOO_MUCH', () =>
    anXlsx(textRows(orderRows), { 'xl/media/image1.png': Buffer.alloc(20_000_000) }),
  ),
  hostile('many small bombs', 'INFLATES_TOO_MUCH', () =>
    rawWorkbook(
      undefined,
      Array.from({ length: 14 }, (_, index) => ({
        name: `xl/media/${index}`,
        content: '',
        declaredSize: 16_000_000,
      })),
    ),
  ),
  hostile('entries that overlap', 'INFLATES_TOO_MUCH', overlapping),
  hostile('one part that is read again and again', 'INFLATES_TOO_MUCH', readAgainAndAgain),
  hostile('a part that declares more than there can be', 'INFLATES_TOO_MUCH', () =>
    rawWorkbook(inPart(sheetPart, { declaredSize: 0xfffffffe })),
  ),
  hostile('thousands of parts', 'INFLATES_TOO_MUCH', () =>
    rawZip(Array.from({ length: limits.zipEntries + 1 }, (_, index) => ({ name: `p${index}`, content: '' }))),
  ),
  hostile('a missing sheet part', 'DAMAGED', () => anXlsx('', workbook([{ name: 'A' }, { name: 'Orders' }]))),
];
