import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'fontkit';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { convertWoffToTtf, readInvoiceTtf, writeInvoiceFont } from '../../build/convert-font.ts';

let ttf: Buffer;
beforeAll(async () => {
  ttf = await readInvoiceTtf();
});

const sumOfWords = (bytes: Buffer): number => {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
};

const tablesOf = (font: Buffer) =>
  Array.from({ length: font.readUInt16BE(4) }, (_, index) => {
    const at = 12 + index * 16;
    const [offset, length] = [font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)];
    return {
      tag: font.toString('latin1', at, at + 4),
      checksum: font.readUInt32BE(at + 4),
      offset,
      data: font.subarray(offset, offset + length),
    };
  });

test('the font’s words add up to the checksum of TrueType', () => {
  expect(sumOfWords(ttf)).toBe(0xb1b0afba);
});

test('every table is aligned, sorted by tag and agrees with its checksum', () => {
  const tables = tablesOf(ttf);
  expect(tables.map(({ tag }) => tag)).toEqual(tables.map(({ tag }) => tag).toSorted());
  for (const { tag, checksum, offset, data } of tables) {
    expect(offset % 4).toBe(0);
    if (tag !== 'head') expect(sumOfWords(data)).toBe(checksum);
  }
});

test('the search fields of its header are those of its number of tables', () => {
  const tables = ttf.readUInt16BE(4);
  const power = 2 ** Math.floor(Math.log2(tables));
  expect([6, 8, 10].map((at) => ttf.readUInt16BE(at))).toEqual([
    power * 16,
    Math.log2(power),
    (tables - power) * 16,
  ]);
});

test('has Chinese, Latin and the marks that invoices need', () => {
  const font = create(ttf);
  for (const character of '销售单据发票喆堃ABCxyzéü0123456789¥€%（），。：·−〓')
    expect(font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0), character).toBe(true);
});

test.for([
  { name: 'nothing', bytes: Buffer.alloc(0) },
  { name: 'WOFF2', bytes: Buffer.concat([Buffer.from('wOF2'), Buffer.alloc(60)]) },
  { name: 'a text', bytes: Buffer.from('x'.repeat(100)) },
])('$name is refused', ({ bytes }) => {
  expect(() => convertWoffToTtf(bytes)).toThrow('not a WOFF font');
});

test('is written beside a bundle with its licence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'font-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeInvoiceFont(join(folder, 'issue-invoice'));
  expect(await readdir(join(folder, 'issue-invoice'))).toEqual([
    'noto-sans-sc-LICENSE.txt',
    'noto-sans-sc.ttf',
  ]);
  expect((await readFile(join(folder, 'issue-invoice', 'noto-sans-sc.ttf'))).equals(ttf)).toBe(true);
  expect(await readFile(join(folder, 'issue-invoice', 'noto-sans-sc-LICENSE.txt'), 'utf8')).toContain(
    'SIL OPEN FONT LICENSE',
  );
});
