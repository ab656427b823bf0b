import Big from 'big.js';
import type { Problem } from '../findings/finding.ts';
import { type Tolerance, toleranceOf } from '../pricing/tolerance.ts';
import { lineAmount, maxAmountMinor, toDecimal } from '../values/money.ts';
import { allowsDecimals } from '../values/units.ts';
import { maxDistinctItems } from './order-schema.ts';
import type { Draft } from './read-submission.ts';
import type { CheckContext, SubmissionCheck } from './submission-check.ts';

type DraftLine = NonNullable<Draft['lines']>[number];

export const checkLineIds: SubmissionCheck = ({ lines }) => {
  const seen = new Set<string>();
  return (lines ?? []).flatMap(({ lineId }, index): Problem[] => {
    if (!lineId || !seen.has(lineId)) {
      if (lineId) seen.add(lineId);
      return [];
    }
    return [{ code: 'DUPLICATE_LINE_ID', pointer: `#/lines/${index}/lineId`, value: lineId }];
  });
};

export const checkDistinctItems: SubmissionCheck = ({ lines }) => {
  const items = new Set((lines ?? []).map((line) => line.sku ?? line.buyerItemId ?? line.gtin));
  return items.size > maxDistinctItems
    ? [
        {
          code: 'TOO_MANY',
          pointer: '#/lines',
          value: String(items.size),
          expected: `<= ${maxDistinctItems}`,
        },
      ]
    : [];
};

const checkDiscount = ({ unitPrice, quantity, discount }: DraftLine, at: string): Problem[] => {
  if (!discount?.type || !discount.value) return [];
  const pointer = `${at}/discount/value`;
  const value = new Big(discount.value);
  if (discount.type === 'PERCENT')
    return value.gt(100)
      ? [{ code: 'DISCOUNT_NOT_ALLOWED', pointer, value: discount.value, expected: '0–100' }]
      : [];
  if (!unitPrice || quantity === undefined) return [];
  const gross = new Big(unitPrice).times(quantity);
  return value.gt(gross)
    ? [{ code: 'DISCOUNT_NOT_ALLOWED', pointer, value: discount.value, expected: `<= ${gross.toFixed()}` }]
    : [];
};

const checkLineAmount = (
  line: DraftLine,
  at: string,
  currency: Draft['currency'],
  partnerTolerance: Tolerance,
): Problem[] => {
  const { unitPrice, quantity, discount } = line;
  if (!line.lineAmount || !currency || !unitPrice || quantity === undefined) return [];
  if (line.discount && !(discount?.type && discount.value)) return [];
  const complete =
    discount?.type && discount.value ? { type: discount.type, value: discount.value } : undefined;
  const computedMinor = lineAmount({ unitPrice, quantity, discount: complete }, currency);
  const computed = toDecimal(computedMinor, currency);
  const difference = new Big(line.lineAmount).minus(computed).abs();
  const tolerance = new Big(toDecimal(toleranceOf(partnerTolerance, computedMinor), currency));
  return difference.gt(tolerance)
    ? [
        {
          code: 'LINE_AMOUNT_MISMATCH',
          pointer: `${at}/lineAmount`,
          value: line.lineAmount,
          expected: computed,
          suggestion: computed,
        },
      ]
    : [];
};

const checkItem = (line: DraftLine, at: string, isIllFormed: (pointer: string) => boolean): Problem[] => {
  const names = ['sku', 'buyerItemId', 'gtin'] as const;
  return names.some((name) => line[name] || isIllFormed(`${at}/${name}`))
    ? []
    : [{ code: 'ITEM_IDENTIFIER_MISSING', pointer: at }];
};

const checkQuantity = (
  { quantity, unitPrice, unitCode = 'C62' }: DraftLine,
  at: string,
  currency: Draft['currency'],
  isUnitIllFormed: boolean,
): Problem[] => {
  if (quantity === undefined) return [];
  const problem = { pointer: `${at}/quantity`, value: String(quantity) };
  if (!Number.isInteger(quantity) && !allowsDecimals(unitCode) && !isUnitIllFormed)
    return [{ code: 'QUANTITY_NOT_WHOLE', ...problem }];
  if (!unitPrice || !currency) return [];
  const most = toDecimal(maxAmountMinor, currency);
  return new Big(unitPrice).times(quantity).gt(most)
    ? [{ code: 'QUANTITY_TOO_LARGE', ...problem, expected: `<= ${most} ${currency}` }]
    : [];
};

const checkLine = (
  line: DraftLine,
  at: string,
  { currency, orderType }: Draft,
  { partner, isIllFormed }: CheckContext,
): Problem[] => {
  const amounts = [
    ...checkQuantity(line, at, currency, isIllFormed(`${at}/unitCode`)),
    ...checkDiscount(line, at),
  ];
  const customization = `${at}/customization`;
  const lacksCustomization = orderType === 'CUSTOM' && line.customization === undefined;
  return [
    ...checkItem(line, at, isIllFormed),
    ...amounts,
    ...(amounts.length > 0 ? [] : checkLineAmount(line, at, currency, partner)),
    ...(lacksCustomization && !isIllFormed(customization)
      ? [{ code: 'CUSTOMIZATION_MISSING', pointer: customization } as const]
      : []),
  ];
};

export const checkLines: SubmissionCheck = (draft, context) =>
  (draft.lines ?? []).flatMap((line, index) => {
    const at = `#/lines/${index}`;
    return context.isIllFormed(at) ? [] : checkLine(line, at, draft, context);
  });
