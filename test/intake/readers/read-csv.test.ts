import { describe, expect, test } from 'vitest';
import { rowsOf } from '../rows-of.ts';
import { aLine, csvOf, table } from '../sample-orders.ts';

const texts = async (bytes: Buffer): Promise<string[][]> =>
  (await rowsOf(bytes)).map(({ cells }) => cells.map(({ text }) => text));

/** 订单号,数量 in GB18030. */
const gb18030 = Buffer.from('b6a9b5a5bac52ccafdc1bf', 'hex');

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('the encoding', () => {
  test.for<[string, Buffer]>([
    ['UTF-8', Buffer.from('订单号,数量')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff订单号,数量')],
    ['GB18030', gb18030],
    ['UTF-16 little endian', Buffer.from('\ufeff订单号,数量', 'utf16le')],
    ['UTF-16 big endian', utf16be('\ufeff订单号,数量')],
  ])('may be %s', async ([, bytes]) => {
    expect(await texts(bytes)).toEqual([['订单号', '数量']]);
  });
});

describe('the delimiter', () => {
  test.for([',', ';', '\t', '|'])('may be %j', async (delimiter) => {
    const orders = table([aLine({ remarks: 'a,b;c|d,e,f,g;h;i' })]);
    expect(await texts(Buffer.from(csvOf(orders, delimiter)))).toEqual(orders);
  });

  test('is what a first line for spreadsheets declares, and that line counts for nothing', async () => {
    const [first] = await rowsOf(Buffer.from('sep=^\r\na^b\r\n'));
    expect([first?.row, first?.cells.map(({ text }) => text)]).toEqual([1, ['a', 'b']]);
  });
});

describe('rows', () => {
  test.for(['\r\n', '\n', '\r'])('end with %j', async (lineBreak) => {
    expect(
      await texts(
        Buffer.from(
          csvOf(
            [
              ['a', 'b'],
              ['c', 'd'],
            ],
            ',',
            lineBreak,
          ),
        ),
      ),
    ).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('count as in a spreadsheet: quoted line breaks start none, blank lines do', async () => {
    const rows = await rowsOf(Buffer.from('a,"x\r\ny"\r\n\r\nb,"say ""hi"""\r\n'));
    expect(rows.map(({ row, cells }) => [row, cells.map(({ text }) => text)])).toEqual([
      [1, ['a', 'x\r\ny']],
      [3, ['b', 'say "hi"']],
    ]);
  });

  test('may be shorter and longer than the header, and hold a lone inch mark', async () => {
    expect(await texts(Buffer.from('a,b\n1\n1,2,3\n27" screen,x\n'))).toEqual([
      ['a', 'b'],
      ['1'],
      ['1', '2', '3'],
      ['27" screen', 'x'],
    ]);
  });
});
