import { cellReference } from '../../../functions/intake/readers/cell.ts';
import { plainScene, type SceneDamage, sceneOf } from './damaged-file.ts';
import { gb18030, utf16be, utf16le } from './encodings.ts';
import { withOrder } from './prepare.ts';
import { csvText } from './write-csv.ts';

/** Stands in the text for bytes that are put in its place. */
const hole = '{bytes}';

const withBytes = (text: string, encode: (text: string) => Buffer, bytes: Uint8Array): Buffer => {
  const at = text.indexOf(hole);
  return Buffer.concat([encode(text.slice(0, at)), bytes, encode(text.slice(at + hole.length))]);
};

const customerName = '上海示例贸易有限公司';

/** A name whose bytes are not in the encoding of its file. */
const misplaced = (
  name: string,
  encode: (text: string) => Buffer,
  bytes: Uint8Array,
  suggestion?: string,
  meant = customerName,
  start = '',
): SceneDamage => ({
  name,
  damage: async (seed) => {
    const prepare = withOrder({ customerName: meant, contactName: '张示例' });
    const { choose, orders, grid } = sceneOf({ seed, prepare, orders: 3 });
    const order = choose.below(3);
    grid.set(order, 0, 'customerName', hole);
    return {
      bytes: withBytes(start + csvText(grid.rows), encode, bytes),
      orders,
      findings: [`ERROR ENCODING_UNREADABLE ${grid.reference(order, 0, 'customerName')}`],
      ...(suggestion !== undefined && { suggestion }),
    };
  },
});

const utf8 = (text: string): Buffer => Buffer.from(text);

const refused = (name: string, code: string, spoil: (text: string) => Buffer): SceneDamage => ({
  name,
  damage: async (seed) => {
    const { orders, grid } = sceneOf({ seed });
    return { bytes: spoil(csvText(grid.rows)), orders, findings: [`ERROR ${code} -`] };
  },
});

/** Files whose bytes are not all of one encoding. */
export const damagedEncodings: readonly SceneDamage[] = [
  misplaced('a name in UTF-8 within GB18030', gb18030, utf8(customerName), customerName),
  misplaced('a name in GB18030 within UTF-8', utf8, gb18030(customerName), customerName),
  misplaced(
    'a name in GB18030 below a byte order mark',
    utf8,
    gb18030('示例馆'),
    '示例馆',
    '示例馆',
    '\ufeff',
  ),
  misplaced('a character cut in half', utf8, utf8(customerName).subarray(0, -1)),
  misplaced('a western accent within UTF-8', utf8, Buffer.from('Café', 'latin1'), 'Café', 'Café'),
  misplaced('a western accent within GB18030', gb18030, Buffer.from('Pérez', 'latin1'), 'Pérez', 'Pérez'),
  misplaced('bytes of no encoding', utf8, Uint8Array.of(0xff, 0xfe, 0xff)),
  misplaced('a zero byte', utf8, Buffer.from('示例\0咖啡馆')),
  misplaced('half a surrogate pair in UTF-16', utf16le, Uint8Array.of(0x00, 0xd8)),
  misplaced('half a surrogate pair in UTF-16 big endian', utf16be, Uint8Array.of(0xd8, 0x00)),
  {
    name: 'a whole row in UTF-8 within GB18030',
    damage: async (seed) => {
      const { orders, grid } = plainScene(seed, [1, 1, 1], { language: 'zh' });
      const spoilt = grid.rowOf(1);
      const chinese = [
        ...(['customerName', 'contactName', 'province', 'city', 'address', 'paymentMethod'] as const),
        ...(['itemName', 'unit', 'remarks'] as const),
      ];
      const lines = csvText(grid.rows).split(/(?<=\r\n)/);
      return {
        bytes: Buffer.concat(lines.map((line, index) => (index + 1 === spoilt ? utf8(line) : gb18030(line)))),
        orders,
        findings: chinese.map((column) => `ERROR ENCODING_UNREADABLE ${grid.reference(1, 0, column)}`),
        suggestion: customerName,
      };
    },
  },
  {
    name: 'a note in GB18030 within UTF-8, in a column that is not known',
    damage: async (seed) => {
      const { orders, grid } = plainScene(seed, [1, 1]);
      const column = grid.style.columns.length;
      grid.rows[0]?.push('业务员');
      grid.rows[2]?.push(hole);
      for (const order of orders.slice(1)) order.metadata = { 业务员: '李雷先生' };
      return {
        bytes: withBytes(csvText(grid.rows), utf8, gb18030('李雷先生')),
        orders,
        findings: [
          `WARNING UNKNOWN_COLUMN ${cellReference(column, 1)}`,
          `WARNING ENCODING_UNREADABLE ${cellReference(column, 3)}`,
        ],
        readsAsMeant: true,
      };
    },
  },
  refused('UTF-7', 'ENCODING_UNREADABLE', (text) =>
    Buffer.from(`+/v8-${text.replaceAll(/[^\0-\x7f]/g, '+ZyxUDA-')}`),
  ),
  refused('UTF-32', 'ENCODING_UNREADABLE', (text) =>
    Buffer.concat(
      [0xfeff, ...[...text].map((character) => character.codePointAt(0) ?? 0)].map((point) => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32LE(point);
        return bytes;
      }),
    ),
  ),
  refused('the zeros of a disk that was full', 'FILE_DAMAGED', (text) =>
    Buffer.concat([utf8(text), Buffer.alloc(3)]),
  ),
];
