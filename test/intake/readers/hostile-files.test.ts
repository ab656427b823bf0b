import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { InvalidFile, type Refusal } from '../../../functions/intake/readers/invalid-file.ts';
import { limits } from '../../../functions/intake/readers/limits.ts';
import { readSheet } from '../../../functions/intake/readers/read-sheet.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { anXlsx, contentTypes, textRows, workbook, worksheet, xlsxType, zipOf } from '../an-xlsx.ts';
import { aLine, csvOf, now, table, timeZone } from '../sample-orders.ts';

const context = { partner: aPartner(), now, timeZone };

const refusalOf = async (bytes: Buffer): Promise<Refusal | 'read'> => {
  try {
    await readOrderFile(bytes, context);
    return 'read';
  } catch (error) {
    if (error instanceof InvalidFile) return error.refusal;
    throw error;
  }
};

const compoundFile = (content: Buffer): Buffer =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), content]);
const orders = table([aLine()]);
const header = orders[0] ?? [];
const sheetPart = 'xl/worksheets/sheet1.xml';
const macroType = 'application/vnd.ms-excel.sheet.macroEnabled.main+xml';
const binaryType = 'application/vnd.ms-excel.sheet.binary.macroEnabled.main';
const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
const inSheet = (content: string) => anXlsx('', { [sheetPart]: content });

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

/** 36 million characters of shared strings that deflate like ordinary text. */
const repeatedStrings = (): string => {
  const noise = (seed: number) =>
    Array.from({ length: 600 }, (_, index) =>
      ((seed * 7919 + index * 104_729) % 1_679_616).toString(36).padStart(5, '0'),
    ).join('');
  return `<sst>${Array.from({ length: 1200 }, (_, seed) => `<si><t>${noise(seed).repeat(10)}</t></si>`).join('')}</sst>`;
};

describe('a file that cannot be read is refused by name', () => {
  test.for<[string, Refusal, () => Promise<Buffer> | Buffer]>([
    ['an empty file', 'FILE_EMPTY', () => Buffer.alloc(0)],
    ['more than 10 MB', 'FILE_TOO_LARGE', () => Buffer.alloc(limits.fileBytes + 1, 'a')],
    ['an old .xls', 'XLS', () => compoundFile(Buffer.from('Workbook', 'utf16le'))],
    ['an encrypted workbook', 'ENCRYPTED', () => compoundFile(Buffer.from('EncryptedPackage', 'utf16le'))],
    ['a workbook with macros', 'XLSM', () => anXlsx('', { '[Content_Types].xml': contentTypes(macroType) })],
    ['macros under the name of a plain workbook', 'XLSM', () => anXlsx('', { 'xl/vbaProject.bin': 'x' })],
    ['a binary workbook', 'XLSB', () => anXlsx('', { '[Content_Types].xml': contentTypes(binaryType) })],
    [
      'a Word document',
      'NOT_A_SPREADSHEET',
      () => zipOf({ '[Content_Types].xml': contentTypes(wordType), 'word/document.xml': '<w/>' }),
    ],
    ['any other zip', 'NOT_A_SPREADSHEET', () => zipOf({ 'a.txt': 'hello' })],
    ['an empty zip', 'NOT_A_SPREADSHEET', () => zipOf({})],
    [
      'a zip without a workbook part',
      'NOT_A_SPREADSHEET',
      () => zipOf({ '[Content_Types].xml': contentTypes(xlsxType) }),
    ],
    ['a PDF', 'NOT_A_SPREADSHEET', () => Buffer.from('%PDF-1.7 …')],
    [
      'an HTML table called .xls',
      'NOT_A_SPREADSHEET',
      () => Buffer.from('<html><table><tr><td>订单号</td></tr></table>'),
    ],
    ['binary without a name', 'NOT_A_SPREADSHEET', () => Buffer.from([1, 2, 0, 3, 0, 0])],
    ['bytes of no encoding', 'ENCODING_UNREADABLE', () => Buffer.from([0x61, 0xff, 0xff, 0x2c])],
    ['a truncated workbook', 'DAMAGED', async () => (await anXlsx(textRows(orders))).subarray(0, -30)],
    [
      'a workbook cut in the middle',
      'DAMAGED',
      async () => (await anXlsx(textRows(orders))).subarray(0, 600),
    ],
    ['broken XML', 'DAMAGED', () => inSheet('<worksheet><sheetData><row></worksheet>')],
    [
      'invalid UTF-8 in a part',
      'DAMAGED',
      () => anXlsx('', { [sheetPart]: Buffer.from([0x3c, 0x61, 0x3e, 0xff]) }),
    ],
    ['a missing sheet part', 'DAMAGED', () => anXlsx('', workbook([{ name: 'A' }, { name: 'Orders' }]))],
    ['a shared string that is not there', 'DAMAGED', () => anXlsx('<row><c t="s"><v>7</v></c></row>')],
    [
      'a row twice',
      'DAMAGED',
      () => anXlsx('<row r="2"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>'),
    ],
    ['a row beyond the last', 'DAMAGED', () => anXlsx('<row r="1048577"><c><v>1</v></c></row>')],
    ['a reference that is none', 'DAMAGED', () => anXlsx('<row r="1"><c r="1A"><v>1</v></c></row>')],
    ['only hidden sheets', 'NO_SHEET', () => anXlsx('', workbook([{ name: 'A', state: 'hidden' }]))],
    ['a DTD', 'UNSAFE_XML', () => inSheet('<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet/>')],
    [
      'billion laughs',
      'UNSAFE_XML',
      () =>
        anXlsx('', {
          'xl/sharedStrings.xml':
            '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>',
        }),
    ],
    [
      'an entity of a file',
      'UNSAFE_XML',
      () => inSheet('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet>&x;</worksheet>'),
    ],
    [
      'an entity without a DTD',
      'DAMAGED',
      () => anXlsx('<row><c t="inlineStr"><is><t>&x;</t></is></c></row>'),
    ],
    ['deep nesting', 'UNSAFE_XML', () => inSheet('<a>'.repeat(1000) + '</a>'.repeat(1000))],
    [
      'a huge attribute',
      'UNSAFE_XML',
      () => inSheet(`<worksheet a="${Array.from({ length: 400_000 }, (_, i) => i.toString(36)).join('')}"/>`),
    ],
    [
      'a bomb by its ratio',
      'INFLATES_TOO_MUCH',
      () => inSheet(`<worksheet>${' '.repeat(20_000_000)}</worksheet>`),
    ],
    ['a bomb that lies about its size', 'DAMAGED', withLyingSize],
    [
      'shared strings without measure',
      'INFLATES_TOO_MUCH',
      () => anXlsx('', { 'xl/sharedStrings.xml': repeatedStrings() }),
    ],
    [
      'thousands of parts',
      'INFLATES_TOO_MUCH',
      () => zipOf(Object.fromEntries(Array.from({ length: limits.zipEntries + 1 }, (_, i) => [`p${i}`, '']))),
    ],
    ['a value in column 201', 'TOO_MANY_COLUMNS', () => anXlsx('<row r="1"><c r="GS1"><v>1</v></c></row>')],
    [
      'a value in the last cell',
      'TOO_MANY_COLUMNS',
      () => anXlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    ],
    [
      'a cell longer than cells can be',
      'CELL_TOO_LONG',
      () => anXlsx(`<row><c t="inlineStr"><is><t>${'ab'.repeat(20_000)}</t></is></c></row>`),
    ],
    [
      'a CSV cell longer than cells can be',
      'CELL_TOO_LONG',
      () => Buffer.from(csvOf([...orders, ['x'.repeat(40_000)]])),
    ],
    ['a CSV with an unclosed quote', 'DAMAGED', () => Buffer.from(`${csvOf(orders)}"PO-2,`)],
    ['no header', 'HEADER_MISSING', () => Buffer.from('a,b,c\r\n1,2,3\r\n')],
    [
      'a header below row 10',
      'HEADER_MISSING',
      () => Buffer.from(csvOf([...Array.from({ length: 10 }, () => ['x']), ...orders])),
    ],
    [
      'four known headers',
      'HEADER_MISSING',
      () => Buffer.from(csvOf([header.slice(0, 4), ['1', '2', '3', '4']])),
    ],
    ['an empty sheet', 'HEADER_MISSING', () => anXlsx('')],
    ['a header alone', 'NO_ROWS', () => Buffer.from(csvOf([header]))],
    ['the same column twice', 'DUPLICATE_COLUMN', () => Buffer.from(csvOf([[...header, '采购单号'], ['x']]))],
    [
      'more than 10,000 rows',
      'TOO_MANY_ROWS',
      () => Buffer.from(csvOf([header, ...Array.from({ length: limits.dataRows + 1 }, () => ['PO-1'])])),
    ],
  ])('%s: %s', async ([, refusal, file]) => {
    expect(await refusalOf(await file())).toBe(refusal);
  });

  test('a file that takes too long', async () => {
    const signal = AbortSignal.abort();
    await expect(readOrderFile(await anXlsx(textRows(orders)), { ...context, signal })).rejects.toMatchObject(
      { refusal: 'TOO_SLOW' },
    );
    await expect(readOrderFile(Buffer.from(csvOf(orders)), { ...context, signal })).rejects.toMatchObject({
      refusal: 'TOO_SLOW',
    });
  });
});

describe('whatever the bytes are, a file is read or refused', () => {
  const outcomes = async (bytes: Buffer): Promise<void> => {
    await expect(refusalOf(bytes)).resolves.toBeTypeOf('string');
  };

  test('random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) => outcomes(Buffer.from(bytes))),
      { numRuns: 300 },
    );
  });

  test('random text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), (text) =>
        outcomes(Buffer.from(`${csvOf(orders)}${text}`)),
      ),
      { numRuns: 200 },
    );
  });

  test('a workbook with bytes changed', async () => {
    const valid = await anXlsx(textRows(orders));
    const change = fc.record({ at: fc.nat(valid.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(valid.length),
        async (changes, length) => {
          const bytes = Buffer.from(valid);
          for (const { at, to } of changes) bytes[at] = to;
          await outcomes(bytes);
          await outcomes(bytes.subarray(0, length));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a workbook whose parts have bytes changed', async () => {
    const parts = {
      sheet: worksheet(textRows(orders)),
      strings: '<sst><si><t>a</t></si></sst>',
      book: workbook([{ name: 'Sheet1' }])['xl/workbook.xml'] ?? '',
    };
    const mutate = (text: string | Buffer, at: number, insert: string) =>
      `${text}`.slice(0, at) + insert + `${text}`.slice(at + 1);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('sheet' as const, 'strings' as const, 'book' as const),
        fc.nat(2000),
        fc.oneof(
          fc.constantFrom(
            '<',
            '>',
            '"',
            '&',
            '<row r="1">',
            '<c t="s"><v>9</v></c>',
            '<![CDATA[',
            '</row>',
            '<!--',
          ),
          fc.string(),
        ),
        async (part, at, insert) => {
          const mutated = { ...parts, [part]: mutate(parts[part], at, insert) };
          await outcomes(
            await anXlsx('', {
              [sheetPart]: mutated.sheet,
              'xl/sharedStrings.xml': mutated.strings,
              'xl/workbook.xml': mutated.book,
            }),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a reader that is left early closes its streams', async () => {
    for (const bytes of [await anXlsx(textRows(orders)), Buffer.from(csvOf(orders))]) {
      for await (const row of readSheet(bytes)) {
        expect(row.row).toBe(1);
        break;
      }
    }
  });

  test('deflated noise in place of a part is refused', async () => {
    const bytes = await zipOf({ '[Content_Types].xml': deflateRawSync(Buffer.from('x'.repeat(500))) });
    expect(await refusalOf(bytes)).toBe('DAMAGED');
  });
});
