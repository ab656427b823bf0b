import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { columnNames, templateColumns } from '../../domain/uploads/template-columns.ts';
import { languages } from '../../domain/values/languages.ts';
import { wordReaders } from '../../functions/intake/mapping/read-words.ts';
import { readOrderFile } from '../../functions/intake/read-order-file.ts';
import { orderTemplate } from '../../functions/intake/template/order-template.ts';
import { choices } from '../../functions/intake/template/template-texts.ts';
import { aPartner } from '../builders/a-partner.ts';
import { aLine, now, timeZone } from './sample-orders.ts';

const day = '2025-10-28';
const open = async (bytes: Buffer): Promise<ExcelJS.Worksheet> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer);
  const [sheet] = workbook.worksheets;
  if (!sheet) throw new Error('the template has no sheet');
  return sheet;
};
const read = (bytes: Buffer) => readOrderFile(bytes, { partner: aPartner(), now, timeZone });

test.for(languages)(
  'the template in %s has every column, marks the required ones and explains each',
  async (language) => {
    const header = (await open(await orderTemplate(language, day))).getRow(1);
    for (const [index, name] of columnNames.entries()) {
      const { requirement, header: names } = templateColumns[name];
      const cell = header.getCell(index + 1);
      expect(cell.text).toBe(`${names[language]}${requirement === 'required' ? '*' : ''}`);
      expect(JSON.stringify(cell.note)).toContain(language === 'en' ? '.' : '。');
    }
  },
);

test.for(languages)(
  'an order filled into the template in %s is read without a finding, and the example is skipped',
  async (language) => {
    const sheet = await open(await orderTemplate(language, day));
    const line = aLine();
    for (const [index, name] of columnNames.entries())
      if (line[name] !== undefined) sheet.getRow(3).getCell(index + 1).value = line[name];
    const { orders, examples, findings } = await read(Buffer.from(await sheet.workbook.xlsx.writeBuffer()));
    expect(findings).toEqual([]);
    expect(examples).toHaveLength(1);
    expect(orders.map((order) => [order.reference, order.findings])).toEqual([['PO-1', []]]);
  },
);

test('the example row would be an order without a finding, but for its reference', async () => {
  for (const language of languages) {
    const sheet = await open(await orderTemplate(language, day));
    sheet.getCell('A2').value = 'PO-2';
    const { orders } = await read(Buffer.from(await sheet.workbook.xlsx.writeBuffer()));
    expect(orders.flatMap((order) => order.findings)).toEqual([]);
  }
});

test('every word of the drop-down lists is one that is read', () => {
  for (const name of columnNames)
    for (const word of Object.values(choices[name] ?? {}).flat())
      expect([word, wordReaders[name]?.read(word)]).not.toEqual([word, undefined]);
});
