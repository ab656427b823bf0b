import Big from 'big.js';
import type { Problem } from '../findings/finding.ts';
import type { Submission, SubmittedLine } from '../submissions/order-schema.ts';
import { type Currency, minorDigitsOf } from '../values/currencies.ts';
import { lineAmount, type MinorAmount, taxAmount, toDecimal, toMinor } from '../values/money.ts';
import { type Tolerance, toleranceOf } from './tolerance.ts';

/** Amounts of an order in minor units, contract §2: stored once, reused by invoice and mails, never computed again. */
export type OrderAmounts = {
  lines: MinorAmount[];
  lineExtensionAmount: MinorAmount;
  allowanceTotal: MinorAmount;
  chargeTotal: MinorAmount;
  taxes: { rate: string; taxableAmount: MinorAmount; taxAmount: MinorAmount }[];
  taxAmount: MinorAmount;
  payableAmount: MinorAmount;
};

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

type Priced = Pick<Submission, 'allowanceCharges'> & {
  currency: Currency;
  pricesIncludeTax: boolean;
  lines: (Pick<SubmittedLine, 'unitPrice' | 'quantity' | 'discount'> & { taxRate: string })[];
};

/** Lines rounded one by one, tax per rate on the sum of rounded lines, payable = lines − allowances + charges + tax. */
export const priceOrder = ({ currency, pricesIncludeTax, lines, allowanceCharges }: Priced): OrderAmounts => {
  const amounts = lines.map((line) => lineAmount(line, currency));
  const byRate = new Map<string, number>();
  lines.forEach(({ taxRate }, index) => {
    const rate = new Big(taxRate).toFixed(); // "0.13" and "0.130" are one group
    byRate.set(rate, (byRate.get(rate) ?? 0) + (amounts[index] ?? 0));
  });
  const taxes = [...byRate].map(([rate, taxableAmount]) => ({
    rate,
    taxableAmount,
    taxAmount: taxAmount(taxableAmount, rate, pricesIncludeTax),
  }));
  const total = (isCharge: boolean) =>
    sum(
      allowanceCharges
        .filter((item) => item.isCharge === isCharge)
        .map(({ amount }) => toMinor(amount, currency)),
    );
  const [allowanceTotal, chargeTotal, tax] = [
    total(false),
    total(true),
    sum(taxes.map((group) => group.taxAmount)),
  ];
  const lineExtensionAmount = sum(amounts);
  return {
    lines: amounts,
    lineExtensionAmount,
    allowanceTotal,
    chargeTotal,
    taxes,
    taxAmount: tax,
    payableAmount: lineExtensionAmount - allowanceTotal + chargeTotal + (pricesIncludeTax ? 0 : tax),
  };
};

/** Submitted totals against ours: each may differ by the partner's tolerance. */
export const checkTotals = (
  totals: Submission['totals'],
  amounts: Omit<OrderAmounts, 'lines'>,
  currency: Currency,
  tolerance: Tolerance,
): Problem[] => {
  if (amounts.payableAmount < 0)
    return [
      {
        code: 'DISCOUNT_NOT_ALLOWED',
        pointer: '#/allowanceCharges',
        value: toDecimal(amounts.payableAmount, currency),
        expected: '>= 0',
      },
    ];
  const names = [
    'lineExtensionAmount',
    'allowanceTotal',
    'chargeTotal',
    'taxAmount',
    'payableAmount',
  ] as const;
  return names.flatMap((name): Problem[] => {
    const submitted = totals?.[name];
    if (submitted === undefined) return [];
    const submittedMinor = new Big(submitted).times(new Big(10).pow(minorDigitsOf(currency)));
    if (submittedMinor.minus(amounts[name]).abs().lte(toleranceOf(tolerance, amounts[name]))) return [];
    const expected = toDecimal(amounts[name], currency);
    return [
      {
        code: 'TOTAL_MISMATCH',
        pointer: `#/totals/${name}`,
        value: submitted,
        expected,
        suggestion: expected,
      },
    ];
  });
};
