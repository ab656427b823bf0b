import { beforeAll, expect, test } from 'vitest';
import { readInvoiceTtf } from '../../build/convert-font.ts';
import { drawableText } from '../../functions/invoice/drawable-text.ts';

let font: Buffer;
beforeAll(async () => {
  font = await readInvoiceTtf();
});

test.for([
  { text: '上海示例贸易有限公司 Ltd.', drawn: '上海示例贸易有限公司 Ltd.', missing: [] },
  { text: '25 ℃ № 5 ①', drawn: '25 °C No 5 1', missing: [] },
  { text: 'Erdős', drawn: 'Erdos', missing: [] },
  { text: 'cafe\u0301', drawn: 'café', missing: [] },
  { text: '한국 🎉', drawn: '〓〓 〓', missing: ['한', '국', '🎉'] },
  { text: 'a\u200bb\ufe0f\u202ec', drawn: 'abc', missing: [] },
])('"$text" is drawn as "$drawn"', ({ text, drawn, missing }) => {
  const drawable = drawableText(font);
  expect(drawable.draw(text)).toBe(drawn);
  expect([...drawable.missing]).toEqual(missing);
});
