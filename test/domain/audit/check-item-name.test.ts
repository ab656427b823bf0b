import { expect, test } from 'vitest';
import { checkItemName } from '../../../domain/audit/check-item-name.ts';
import { aProduct } from '../../builders/a-product.ts';
import { anAudit } from '../../builders/an-audit.ts';

const called = (name: string, line: { sku?: string | undefined; buyerItemId?: string } = {}) =>
  checkItemName(anAudit({ lines: [{ name, sku: 'CUP-350-BL', ...line }] }));

test.for([
  ['保温杯', true],
  ['蓝色保温杯 350ml', true],
  ['不锈钢真空保温水杯', true],
  ['Vacuum flask', true],
  ['VACUUM-FLASK, blue', true],
  ['Vaccum flask', true],
  ['Flasks', true],
  ['台灯', false],
  ['Desk lamp', false],
  ['杯', true],
  ['ステンレスボトル', true],
  ['水筒 まほうびん', false],
] as const)('“%s” for a vacuum flask agrees: %s', ([name, agrees]) => {
  expect(called(name).length === 0).toBe(agrees);
});

test('ours is told in both languages and suggested in the language of theirs', () => {
  expect(called('Desk lamp')).toEqual([
    {
      severity: 'HOLD',
      code: 'NAME_MISMATCH',
      pointer: '#/lines/0/name',
      value: 'Desk lamp',
      expected: '保温杯 / Vacuum flask',
      suggestion: 'Vacuum flask',
      evidence: [{ source: 'CATALOGUE', id: 'CUP-350-BL' }],
    },
  ]);
  expect(called('台灯')).toMatchObject([{ suggestion: '保温杯' }]);
});

test("what the partner's own code stands for was agreed before, whatever it is called", () => {
  expect(called('Desk lamp', { buyerItemId: 'MY-1' })).toEqual([]);
});

test('an article that is not in the catalogue is asked about elsewhere', () => {
  expect(checkItemName(anAudit({ catalogue: [aProduct({ sku: 'OTHER' })] }))).toEqual([]);
});
