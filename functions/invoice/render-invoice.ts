import { logger } from '../shared/logger.ts';
import { drawLines } from './draw-lines.ts';
import { drawableText } from './drawable-text.ts';
import {
  type Field,
  type InvoiceInput,
  type InvoiceModel,
  invoiceModel,
  type Party,
} from './invoice-model.ts';
import { createSheet, margin, type Sheet, soft } from './sheet.ts';

const labelWidth = 82;
const lineGap = 3;
const gutter = 24;

/** Labels and values below each other, from the sheet's y down; returns where they end. */
const drawFields = (
  sheet: Sheet,
  fields: readonly Field[],
  x: number,
  top: number,
  width: number,
): number => {
  let y = top;
  for (const { label, value } of fields) {
    const at = y;
    sheet.tag('P', () => {
      sheet.write(label, x, at, labelWidth - 6, { color: soft });
      sheet.write(value, x + labelWidth, at, width - labelWidth);
    });
    y += Math.max(sheet.measure(label, labelWidth - 6), sheet.measure(value, width - labelWidth)) + lineGap;
  }
  return y;
};

const drawParty = (sheet: Sheet, { heading, fields }: Party, top: number, width: number): number => {
  sheet.tag('H2', () => sheet.write(heading, margin, top, width, { size: 11 }));
  return drawFields(sheet, fields, margin, top + 18, width);
};

const drawHead = (sheet: Sheet, { texts, seller, buyer, fields, test }: InvoiceModel): void => {
  const title = test ? `${texts.title} · ${texts.test}` : texts.title;
  sheet.tag('H1', () => sheet.write(title, margin, margin, sheet.width, { size: 20 }));
  const top = margin + sheet.measure(title, sheet.width, { size: 20 }) + 10;
  const half = (sheet.width - gutter) / 2;
  const sellerEnd = drawParty(sheet, seller, top, half);
  const buyerEnd = drawParty(sheet, buyer, sellerEnd + 10, half);
  const fieldsEnd = drawFields(sheet, fields, margin + half + gutter, top + 18, half);
  sheet.moveTo(Math.max(buyerEnd, fieldsEnd) + 14);
};

const rowHeight = 15;

/** Tax groups on the left, sums on the right, the amount due below: never torn apart by a page's end. */
const drawSums = (sheet: Sheet, { texts, taxColumns, taxes, totals, payable, note }: InvoiceModel): void => {
  const half = (sheet.width - gutter) / 2;
  const right = margin + half + gutter;
  const valueWidth = 110;
  const heights = totals.map(({ label }) =>
    Math.max(rowHeight, sheet.measure(label, half - valueWidth) + lineGap),
  );
  const sumsHeight = heights.reduce((sum, height) => sum + height, 0);
  sheet.makeRoom(Math.max((taxes.length + 2) * rowHeight, sumsHeight + 30) + 50);
  const top = sheet.y + 8;

  sheet.tag('H2', () => sheet.write(texts.taxes, margin, top, half, { color: soft }));
  const table = sheet.tag('Table');
  [taxColumns, ...taxes].forEach(({ rate, taxable, tax }, index) => {
    const [y, cell] = [top + (index + 1) * rowHeight, index === 0 ? 'TH' : 'TD'];
    const row = sheet.tag('TR', undefined, table);
    const color = index === 0 ? { size: 8, color: soft } : {};
    sheet.tag(cell, () => sheet.write(rate, margin, y, 50, color), row);
    sheet.tag(cell, () => sheet.write(taxable, margin + 50, y, 96, { ...color, align: 'right' }), row);
    sheet.tag(cell, () => sheet.write(tax, margin + 150, y, half - 150, { ...color, align: 'right' }), row);
    row.end();
  });
  table.end();

  let y = top;
  totals.forEach(({ label, value }, index) => {
    const at = y;
    sheet.tag('P', () => {
      sheet.write(label, right, at, half - valueWidth, { color: soft });
      sheet.write(value, right + half - valueWidth, at, valueWidth, { align: 'right' });
    });
    y += heights[index] ?? rowHeight;
  });
  const due = y + 6;
  sheet.tag('P', () => {
    sheet.write(payable.label, right, due + 1, 80, { size: 11 });
    sheet.write(payable.value, right + 80, due, half - 80, { size: 13, align: 'right' });
  });
  sheet.moveTo(Math.max(due + 30, top + (taxes.length + 1) * rowHeight + 12));
  const noteTop = sheet.y;
  sheet.tag('P', () => sheet.write(note, margin, noteTop, sheet.width, { size: 8, color: soft }));
};

/**
 * The invoice of an order as a tagged PDF in the order's language. The same order gives the same bytes. `font` is a
 * TrueType font; characters it lacks are marked in the document and named in the log.
 */
export const renderInvoice = async ({ font, ...input }: InvoiceInput & { font: Buffer }): Promise<Buffer> => {
  const model = invoiceModel(input);
  const { draw, missing } = drawableText(font);
  const sheet = createSheet({
    font,
    draw,
    language: model.language,
    title: `${model.texts.title} ${model.number}`,
    author: input.company.name,
    createdAt: new Date(input.issuedAt),
  });
  drawHead(sheet, model);
  drawLines(sheet, model);
  drawSums(sheet, model);
  const pdf = await sheet.finish((page, pages) => `${model.number} · ${model.texts.page(page, pages)}`);
  if (missing.size > 0) {
    const codePoints = [...missing].map(
      (character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase()}`,
    );
    logger.warn('invoice shows marks for characters its font lacks', {
      orderNumber: input.order.state.orderNumber,
      invoiceNumber: model.number,
      codePoints,
    });
  }
  return pdf;
};
