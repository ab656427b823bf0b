import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changedLeaves,
  editedSubmission,
  type FieldChange,
  isEditable,
  withLeaves,
} from '../../../domain/orders/edit-content.ts';
import type { OrderContent } from '../../../domain/orders/order.ts';
import { editsOf } from '../../../domain/provenance/edits.ts';
import { readSubmission } from '../../../domain/submissions/read-submission.ts';
import { aSubmittedLine } from '../../builders/a-submission.ts';
import { anOrder } from '../../builders/an-order.ts';

const twoLines = anOrder({
  submission: {
    lines: [
      aSubmittedLine({ discount: { type: 'PERCENT', value: '5' }, lineAmount: '909.72' }),
      aSubmittedLine({
        lineId: '2',
        sku: 'TEA-1',
        customization: { engraving: { text: '茶', lines: [1, 2] } },
      }),
    ],
    promotionCodes: ['SPRING', 'VIP'],
    notes: 'as before',
  },
}).content;

const anyChange: fc.Arbitrary<FieldChange> = fc.oneof(
  fc.record({
    pointer: fc.constantFrom('#/lines/0/unitPrice', '#/lines/1/unitPrice', '#/lines/0/discount/value'),
    value: fc.constantFrom('1', '2.50', '39.90'),
  }),
  fc.record({
    pointer: fc.constantFrom('#/notes', '#/lines/0/discount', '#/lines/1/customization', '#/promotionCodes'),
    value: fc.constant(null),
  }),
  fc.record({
    pointer: fc.constant('#/promotionCodes'),
    value: fc.array(fc.constantFrom('SPRING', 'VIP', 'NEW'), { maxLength: 3 }),
  }),
  fc.record({
    pointer: fc.constantFrom('#/lines/0/quantity', '#/lines/1/quantity'),
    value: fc.integer({ min: 1, max: 500 }),
  }),
  fc.record({
    pointer: fc.constant('#/delivery/address/district'),
    value: fc.constantFrom('浦东新区', '静安区', null),
  }),
  fc.record({
    pointer: fc.constant('#/lines/1/customization'),
    value: fc.constantFrom({ engraving: { text: '咖啡' } }, '不要', { a: [], b: {} }),
  }),
);

const edited = (changes: FieldChange[]): OrderContent | undefined => {
  const { submission } = readSubmission(editedSubmission(twoLines, changes));
  return submission && anOrder({ submission }).content;
};

describe('what an edit changed', () => {
  test('says enough to make the stored order again from the one before, and back', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 1, maxLength: 5 }), (changes) => {
        const after = edited(changes);
        if (!after) return;
        const leaves = JSON.parse(JSON.stringify(changedLeaves(twoLines, after)));
        const [edit] = editsOf([
          { sequence: 2, data: { changes: leaves, given: [], customerTier: 'STANDARD' } },
        ]);
        expect(withLeaves(twoLines, edit?.changes ?? [])).toEqual(JSON.parse(JSON.stringify(after)));
      }),
    );
  });

  test('is nothing where nothing changed', () => {
    expect(changedLeaves(twoLines, structuredClone(twoLines))).toEqual([]);
  });
});

test('a new article loses the tax rate and the amount of the old one, a new price only the amount', () => {
  const line = (changes: FieldChange[]) =>
    readSubmission(editedSubmission(twoLines, changes)).submission?.lines[0];
  const article = line([{ pointer: '#/lines/0/sku', value: 'TEA-1' }]);
  expect([article?.taxRate, article?.lineAmount]).toEqual([undefined, undefined]);
  const price = line([{ pointer: '#/lines/0/unitPrice', value: '1' }]);
  expect([price?.taxRate, price?.lineAmount]).toEqual(['0.13', undefined]);
  const other = line([{ pointer: '#/lines/0/buyerItemId', value: 'MY-1' }]);
  expect([other?.sku, other?.buyerItemId]).toEqual([undefined, 'MY-1']);
});

test.for([
  '#',
  '#/lines',
  '#/lines/0',
  '#/lines/0/lineId',
  '#/lines/0/lineAmountMinor',
  '#/lines/-1/sku',
  '#/amounts/payableAmount',
  '#/currency',
  '#/customerOrderReference',
  '#/terms/clarificationHours',
  '#/source/kind',
  '#/customerEmail',
  '#/buyer/__proto__',
  '#/lines/0/constructor',
  '#/test',
])('%s is not edited', (pointer) => {
  expect(isEditable(pointer)).toBe(false);
});
