import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OrderFile, readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { InvalidFile, type Refusal } from '../../../functions/intake/readers/invalid-file.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { type Parts, zipOf } from '../an-xlsx.ts';
import { cleanCases } from '../corpus/clean-files.ts';
import { workbookParts } from '../corpus/write-workbook.ts';
import { csvOf, now, timeZone } from '../sample-orders.ts';
import { orderRows } from './hostile/hostile-case.ts';
import { type RawEntry, rawZip } from './hostile/raw-zip.ts';

/** Each property runs for so long, and longer every night; fast-check tells seed and path of what it finds. */
const milliseconds = process.env.NIGHTLY ? 120_000 : 1200;
const bounded = { numRuns: 1_000_000, interruptAfterTimeLimit: milliseconds };
const timeout = milliseconds * 2 + 30_000;

const slowMilliseconds = 20_000;

/** What a reading ends in: orders, or a refusal by name. Anything else that comes out fails the test. */
const read = async (bytes: Buffer): Promise<OrderFile | Refusal> => {
  try {
    const signal = AbortSignal.timeout(slowMilliseconds);
    return await readOrderFile(bytes, { partner: aPartner(), now, timeZone, signal });
  } catch (error) {
    if (error instanceof InvalidFile && error.refusal !== 'TOO_SLOW') return error.refusal;
    throw error;
  }
};

const files = await Promise.all(cleanCases(37, 5000).map(({ file }) => file()));
const parts: Parts = workbookParts({
  sheets: [{ name: '订单', rows: orderRows.map((cells) => ({ cells })), merged: ['A2:A3'] }],
});

/** Bytes changed here and there, by their share of the whole, and how much of it is kept. */
type Damage = { changes: { at: number; to: number }[]; keep: number };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const damage: fc.Arbitrary<Damage> = fc.record({
  changes: fc.array(fc.record({ at: share, to: fc.nat(255) }), { minLength: 1, maxLength: 6 }),
  keep: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, share),
});

const damaged = (bytes: Buffer, { changes, keep }: Damage): Buffer => {
  const copy = Buffer.from(bytes);
  for (const { at, to } of changes) copy[Math.floor(at * (copy.length - 1))] = to;
  return copy.subarray(0, Math.ceil(keep * copy.length));
};

const words = [
  ...['worksheet', 'sheetData', 'row', 'c', 'v', 'f', 'is', 't', 'r', 'rPh', 'si', 'sst', 'mergeCell', 'col'],
  ...['workbook', 'sheets', 'sheet', 'workbookPr', 'styleSheet', 'cellXfs', 'xf', 'numFmt'],
  ...['Relationship', 'Override'],
];
const attributes = [
  ...['r', 't', 's', 'ref', 'min', 'max', 'hidden', 'name', 'r:id', 'Id', 'Type', 'Target', 'ContentType'],
  ...['numFmtId', 'formatCode', 'date1904', 'ht'],
];
const values = [
  ...[
    '',
    '1',
    'A1',
    'B2',
    'A1:XFD1048576',
    's',
    'e',
    'd',
    'str',
    'array',
    'inlineStr',
    'rId1',
    'x/worksheet',
  ],
  ...['xl/workbook.xml', '-1', '1e9', 'yyyy', '订单'],
];

/** XML of the words that workbooks are made of, in no order that a workbook has. */
const xml = fc.letrec<{ node: string; element: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'xml' },
    fc.constantFrom('', '订单号', '0', '&#65;', '<![CDATA[x]]>', '<!--x-->', '<?x y?>', '&amp;'),
    tie('element'),
  ),
  element: fc
    .tuple(
      fc.constantFrom(...words),
      fc.uniqueArray(fc.tuple(fc.constantFrom(...attributes), fc.constantFrom(...values)), {
        maxLength: 4,
        selector: ([name]) => name,
      }),
      fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'xml' }),
    )
    .map(
      ([name, pairs, children]) =>
        `<${name}${pairs.map(([key, value]) => ` ${key}="${value}"`).join('')}>${children.join('')}</${name}>`,
    ),
})).element;

const partNames = Object.keys(parts);
const anyPart = fc.constantFrom(...partNames);

const entry: fc.Arbitrary<RawEntry> = fc.record(
  {
    name: fc.oneof(anyPart, fc.string({ maxLength: 12 })),
    content: fc.oneof(
      anyPart.map((name) => parts[name] ?? ''),
      xml,
      fc.string(),
    ),
    crc: fc.nat(),
    method: fc.constantFrom(0, 8, 8, 8, 14),
    flags: fc.constantFrom(0, 0, 0, 1, 8, 0x0800),
    declaredSize: fc.oneof(fc.nat(5000), fc.constant(0xffffffff)),
  },
  { requiredKeys: ['name', 'content'] },
);

describe('whatever the bytes are, a file is read or refused by name', () => {
  test('random bytes', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await read(Buffer.from(bytes));
      }),
      bounded,
    );
  });

  test('random text behind orders', { timeout }, async () => {
    const piece = fc.constantFrom(
      '"',
      ',',
      '\r',
      '\n',
      ';',
      '\t',
      "'",
      '=',
      '订单号',
      '合计',
      '\ufeff',
      '0',
      'PO-1',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(piece).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (more) => {
        await read(Buffer.from(csvOf(orderRows) + more));
      }),
      bounded,
    );
  });

  test('files of every writer with bytes changed or cut off', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damage, async ({ bytes }, change) => {
        await read(damaged(bytes, change));
      }),
      bounded,
    );
  });

  test('random XML in any part', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(anyPart, xml, async (name, content) => {
        await read(await zipOf({ ...parts, [name]: content }));
      }),
      bounded,
    );
  });

  test('parts with text put in anywhere', { timeout }, async () => {
    const piece = fc.oneof(
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
      xml,
    );
    await fc.assert(
      fc.asyncProperty(anyPart, fc.nat(3000), piece, async (name, at, insert) => {
        const part = String(parts[name]);
        await read(await zipOf({ ...parts, [name]: part.slice(0, at) + insert + part.slice(at) }));
      }),
      bounded,
    );
  });

  test('random packages', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 8 }),
        damage,
        fc.boolean(),
        async (entries, change, isIntact) => {
          const bytes = rawZip(entries);
          await read(isIntact ? bytes : damaged(bytes, change));
        },
      ),
      bounded,
    );
  });
});

test('a workbook with a byte changed is refused, or tells so, or reads as it was', { timeout }, async () => {
  const bytes = await zipOf(parts);
  const whole = await read(bytes);
  if (typeof whole === 'string') throw new Error('the workbook is whole');
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, to) => {
      const changed = Buffer.from(bytes);
      changed[at] = to;
      const outcome = await read(changed);
      if (typeof outcome === 'string') return;
      const isTold =
        outcome.findings.length > 0 || outcome.orders.some(({ findings }) => findings.length > 0);
      if (!isTold) expect(outcome.orders).toEqual(whole.orders);
    }),
    bounded,
  );
});
