import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencies, minorDigitsOf } from '../../domain/values/currencies.ts';
import { languages } from '../../domain/values/languages.ts';
import { toDecimal } from '../../domain/values/money.ts';
import { invoiceModel } from '../../functions/invoice/invoice-model.ts';
import { aCompany, anOrder, type OrderInput } from '../mail/an-order.ts';

const modelOf = (input: OrderInput = {}) =>
  invoiceModel({
    order: anOrder(input),
    invoiceNumber: 'INV-20251014-000001',
    issuedAt: '2025-10-14T16:30:00.000Z',
    company: aCompany,
  });

const printed = (fields: readonly { label: string; value: string }[], label: string): string | undefined =>
  fields.find((field) => field.label === label)?.value;

test('names seller, buyer, numbers and the day in the company’s zone', () => {
  const { fields, seller, buyer } = modelOf({ content: { language: 'en' } });
  expect(fields).toEqual([
    { label: 'Invoice number', value: 'INV-20251014-000001' },
    { label: 'Issued', value: '15 October 2025' },
    { label: 'Order number', value: 'SO-20251014-000123-4' },
    { label: 'Your reference', value: 'PO-2025-1014-001' },
    { label: 'Currency', value: 'CNY' },
    { label: 'Payment', value: 'Bank transfer' },
  ]);
  expect(printed(seller.fields, 'Tax number')).toBe(aCompany.taxId);
  expect(printed(buyer.fields, 'Name')).toBe('上海示例贸易有限公司');
});

test('a buyer that asked for an invoice is named as it asked', () => {
  const { buyer } = modelOf({
    content: {
      invoiceRequest: {
        titleType: 'ORGANIZATION',
        title: '示例控股有限公司',
        taxpayerId: '91310115MA1K3XXXXX',
        kind: 'SPECIAL',
        bankName: '示例银行',
        bankAccount: '0000',
      },
    },
  });
  expect(printed(buyer.fields, '名称')).toBe('示例控股有限公司');
  expect(printed(buyer.fields, '纳税人识别号')).toBe('91310115MA1K3XXXXX');
  expect(printed(buyer.fields, '发票类型')).toBe('增值税专用发票');
  expect(printed(buyer.fields, '开户行及账号')).toBe('示例银行 0000');
});

test('writes amounts out as they are stored, even when they would not add up', () => {
  const order = anOrder();
  order.content.amounts = {
    lineExtensionAmount: 111,
    allowanceTotal: 22,
    chargeTotal: 33,
    taxes: [{ rate: '0.13', taxableAmount: 44, taxAmount: 55 }],
    taxAmount: 66,
    payableAmount: 77,
  };
  const model = invoiceModel({
    order,
    invoiceNumber: 'INV',
    issuedAt: '2025-10-14T00:00:00.000Z',
    company: aCompany,
  });
  expect(model.totals.map(({ value }) => value)).toEqual(['1.11', '-0.22', '0.33', '0.66']);
  expect(model.taxes).toEqual([{ rate: '13%', taxable: '0.44', tax: '0.55' }]);
  expect(model.payable.value).toBe('¥0.77');
});

test('sums name the reasons of allowances and charges', () => {
  const { totals } = modelOf({
    content: {
      language: 'en',
      allowanceCharges: [
        { isCharge: true, amount: '12.00', reason: 'express' },
        { isCharge: false, amount: '5.00', reason: 'campaign' },
      ],
    },
  });
  expect(printed(totals, 'Shipping and other charges (express)')).toBe('12.00');
  expect(printed(totals, 'Allowances (campaign)')).toBe('-5.00');
});

const decimal = (most: number, digits: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 10 ** digits - 1 }))
    .map(([whole, part]) =>
      digits === 0 ? String(whole) : `${whole}.${String(part).padStart(digits, '0')}`,
    );

const anyOrder = fc
  .record({ currency: fc.constantFrom(...currencies), language: fc.constantFrom(...languages) })
  .chain(({ currency, language }) =>
    fc.record({
      content: fc.record({
        currency: fc.constant(currency),
        language: fc.constant(language),
        pricesIncludeTax: fc.boolean(),
        allowanceCharges: fc.array(
          fc.record({ isCharge: fc.boolean(), amount: decimal(99, minorDigitsOf(currency)) }),
          { maxLength: 3 },
        ),
      }),
      lines: fc.array(
        fc.record({
          name: fc.constant('Cup'),
          quantity: fc.integer({ min: 1, max: 100_000 }),
          unitPrice: decimal(100_000, 4),
          taxRate: fc.constantFrom('0', '0.06', '0.13', '0.0825'),
        }),
        { minLength: 1, maxLength: 30 },
      ),
    }),
  );

/** Back from what is printed to minor units. */
const minorOf = (printed: string, digits: number): number => {
  const plain = printed.replaceAll(/[^\d.-]/g, '');
  expect(plain.split('.')[1]?.length ?? 0).toBe(digits);
  return Math.round(Number(plain) * 10 ** digits);
};

test('printed lines, taxes, allowances and charges add up to the printed amount due', () => {
  fc.assert(
    fc.property(anyOrder, (input) => {
      const order = anOrder(input);
      const { amounts, currency, pricesIncludeTax } = order.content;
      const model = modelOf(input);
      const minor = (printed: string) => minorOf(printed, minorDigitsOf(currency));
      const sum = (printed: string[]) => printed.reduce((total, value) => total + minor(value), 0);
      const [lines, ...others] = model.totals.map(({ value }) => minor(value));
      const tax = others.pop() ?? Number.NaN;
      expect(sum(model.rows.map(({ amount }) => amount))).toBe(lines);
      expect(sum(model.taxes.map((group) => group.tax))).toBe(tax);
      expect(sum(model.taxes.map(({ taxable }) => taxable))).toBe(lines);
      const due = others.reduce((total, value) => total + value, (lines ?? 0) + (pricesIncludeTax ? 0 : tax));
      expect(due).toBe(amounts.payableAmount);
      const digits = toDecimal(amounts.payableAmount, currency).replaceAll(/\D/g, '');
      expect(model.payable.value.replaceAll(/\D/g, '')).toBe(digits);
    }),
  );
});
