import { beforeAll, expect, test, vi } from 'vitest';
import { readInvoiceTtf } from '../../build/convert-font.ts';
import { renderInvoice } from '../../functions/invoice/render-invoice.ts';
import { logger } from '../../functions/shared/logger.ts';
import { aCompany, anOrder, type OrderInput } from '../mail/an-order.ts';
import { readPages } from './read-pdf.ts';

let font: Buffer;
beforeAll(async () => {
  font = await readInvoiceTtf();
});

const render = (input: OrderInput = {}) =>
  renderInvoice({
    order: anOrder(input),
    invoiceNumber: 'INV-20251014-000001',
    issuedAt: '2025-10-14T03:00:00.000Z',
    company: aCompany,
    font,
  });

const someLines = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    sku: `ART-${1000 + index}`,
    name: `Vacuum flask ${index}`,
    quantity: 24,
    unitPrice: '39.90',
  }));

test('is a tagged PDF in the order’s language, with its number as title', async () => {
  const pdf = (await render()).toString('latin1');
  expect(pdf).toMatch(/^%PDF-1\.7/);
  expect(pdf).toContain('/Lang (zh-CN)');
  expect(pdf).toContain('/Marked true');
  expect(pdf).toContain('/DisplayDocTitle true');
  expect(pdf).toContain('/S /TH');
  const title = Buffer.from('销售单据 INV-20251014-000001', 'utf16le').swap16().toString('latin1');
  expect(pdf.replaceAll(/\\(.)/g, '$1')).toContain(title);
});

test('says who sells what to whom for how much', async () => {
  const [page = ''] = readPages(await render());
  for (const text of [
    '销售单据',
    aCompany.name,
    aCompany.taxId,
    'SO-20251014-000123-4',
    'PO-2025-1014-001',
    '保温杯',
    '24 件',
    '39.90',
    '−5%',
    '¥909.72',
    '104.66',
  ])
    expect(page.replaceAll('\n', '')).toContain(text);
});

test.for([
  { lines: 1, pages: 1 },
  { lines: 3, pages: 1 },
  { lines: 60, pages: 4 },
])('$lines lines take $pages pages, each with the heading and its number', async ({ lines, pages }) => {
  const found = readPages(await render({ lines: someLines(lines), content: { language: 'en' } }));
  expect(found).toHaveLength(pages);
  found.forEach((page, index) => {
    expect(page).toContain(`INV-20251014-000001 · Page ${index + 1} of ${pages}`);
    if (/Vacuum flask/.test(page)) expect(page).toContain('Article / specification');
  });
  const all = found.join('\n').split('\n');
  for (let index = 0; index < lines; index++) expect(all).toContain(`Vacuum flask ${index}`);
});

test('a line of the longest names stays whole on its page', async () => {
  const name = '超长名称'.repeat(50);
  const lines = someLines(20).map((line) => ({ ...line, name, specification: name }));
  const pages = readPages(await render({ lines }));
  const characters = (page: string) => page.replaceAll('\n', '').match(/超长名称/g)?.length ?? 0;
  for (const page of pages.filter((text) => text.includes('ART-'))) expect(characters(page) % 100).toBe(0);
  expect(pages.reduce((sum, page) => sum + characters(page), 0)).toBe(20 * 100);
});

test('the same order gives the same bytes', async () => {
  const [first, again] = await Promise.all([render(), render()]);
  expect(first.equals(again)).toBe(true);
});

test('holds only the glyphs it uses', async () => {
  expect((await render({ lines: someLines(60) })).length).toBeLessThan(150_000);
});

test('characters that the font lacks are marked and named in the log, without the name they stand in', async () => {
  const warn = vi.spyOn(logger, 'warn').mockImplementation(() => {});
  const buyer = { name: '한 Ltd', contact: { email: 'wang@example.com' } };
  const [page = ''] = readPages(await render({ content: { buyer } }));
  expect(page).toContain('〓 Ltd');
  expect(warn.mock.calls).toEqual([
    [
      expect.any(String),
      { orderNumber: 'SO-20251014-000123-4', invoiceNumber: 'INV-20251014-000001', codePoints: ['U+D55C'] },
    ],
  ]);
  warn.mockRestore();
});

test('a test order’s invoice says that it is none', async () => {
  const [page = ''] = readPages(await render({ state: { test: true }, content: { language: 'en' } }));
  expect(page).toContain('Test document, not payable');
});
