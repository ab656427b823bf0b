import { expect, test } from 'vitest';
import { checkMinimum, checkPaymentMethod } from '../../../domain/audit/check-order-type.ts';
import type { AuditContext } from '../../../domain/audit/context.ts';
import { type CustomerTier, customerTiers } from '../../../domain/partner.ts';
import { type Rules, rulesOf } from '../../../domain/rules/rules.ts';
import type { OrderType, PaymentMethod } from '../../../domain/submissions/order-schema.ts';
import { anAudit } from '../../builders/an-audit.ts';

type Given = {
  orderType: OrderType;
  method?: PaymentMethod;
  tier?: CustomerTier;
  currency?: 'CNY' | 'USD' | 'JPY' | 'GBP';
  lines?: [quantity: number, unitPrice: string][];
  rules?: Rules;
};

const context = ({
  orderType,
  method = 'BANK_TRANSFER',
  tier = 'STANDARD',
  rules = rulesOf({}),
  ...given
}: Given): AuditContext => {
  const { currency = 'CNY', lines = [[1, '1']] } = given;
  return anAudit({
    submission: { orderType, currency, payment: { method } },
    lines: lines.map(([quantity, unitPrice]) => ({ quantity, unitPrice, customization: 'a name on it' })),
    customer: undefined,
    customerTier: tier,
    catalogue: [],
    rules,
  });
};

test.for<[Given, string | undefined, string | undefined]>([
  [{ orderType: 'WHOLESALE', lines: [[20, '0.01']] }, undefined, undefined],
  [{ orderType: 'WHOLESALE', lines: [[19, '1']] }, '19 / 19.00 CNY', '>= 20 / 500.00 CNY'],
  [
    {
      orderType: 'WHOLESALE',
      lines: [
        [10, '1'],
        [9.5, '1'],
      ],
    },
    '19.5 / 19.50 CNY',
    '>= 20 / 500.00 CNY',
  ],
  [
    {
      orderType: 'WHOLESALE',
      lines: [
        [12, '1'],
        [8, '1'],
      ],
    },
    undefined,
    undefined,
  ],
  [{ orderType: 'WHOLESALE', lines: [[1, '499.99']] }, '1 / 499.99 CNY', '>= 20 / 500.00 CNY'],
  [{ orderType: 'WHOLESALE', lines: [[1, '500.00']] }, undefined, undefined],
  [{ orderType: 'WHOLESALE', lines: [[2, '34.99']], currency: 'USD' }, '2 / 69.98 USD', '>= 20 / 70.00 USD'],
  [{ orderType: 'WHOLESALE', lines: [[2, '5000']], currency: 'JPY' }, undefined, undefined],
  [{ orderType: 'WHOLESALE', lines: [[2, '9999']], currency: 'GBP' }, '2', '>= 20'],
  [{ orderType: 'STANDARD' }, undefined, undefined],
  [{ orderType: 'CUSTOM' }, undefined, undefined],
])('the size of %j: %s, expected %s', ([given, value, expected]) => {
  expect(checkMinimum(context(given))).toMatchObject(
    value === undefined
      ? []
      : [{ severity: 'HOLD', code: 'MINIMUM_NOT_MET', pointer: '#/orderType', value, expected }],
  );
});

const prepaid = 'BANK_TRANSFER, CARD, ALIPAY, WECHAT_PAY';

test.for<[OrderType, PaymentMethod, CustomerTier, string | undefined]>([
  ['STANDARD', 'CASH_ON_DELIVERY', 'STANDARD', undefined],
  ['STANDARD', 'ON_ACCOUNT', 'STANDARD', undefined],
  ['WHOLESALE', 'BANK_TRANSFER', 'STANDARD', undefined],
  ['WHOLESALE', 'ON_ACCOUNT', 'STANDARD', prepaid],
  ['WHOLESALE', 'ON_ACCOUNT', 'SILVER', prepaid],
  ['WHOLESALE', 'ON_ACCOUNT', 'GOLD', undefined],
  ['WHOLESALE', 'ON_ACCOUNT', 'WHOLESALE', undefined],
  ['WHOLESALE', 'CASH_ON_DELIVERY', 'STANDARD', prepaid],
  ['WHOLESALE', 'CASH_ON_DELIVERY', 'GOLD', `${prepaid}, ON_ACCOUNT`],
  ['CUSTOM', 'ALIPAY', 'STANDARD', undefined],
  ['CUSTOM', 'CASH_ON_DELIVERY', 'SILVER', prepaid],
  ['CUSTOM', 'ON_ACCOUNT', 'SILVER', prepaid],
  ['CUSTOM', 'ON_ACCOUNT', 'WHOLESALE', undefined],
])('a %s order paid by %s by a customer of tier %s: %s', ([orderType, method, tier, expected]) => {
  expect(checkPaymentMethod(context({ orderType, method, tier }))).toMatchObject(
    expected === undefined
      ? []
      : [
          {
            severity: 'HOLD',
            code: 'PAYMENT_METHOD_NOT_ALLOWED',
            pointer: '#/payment/method',
            value: method,
            expected,
          },
        ],
  );
});

test('money in advance is taken for every type from every customer', () => {
  for (const orderType of ['STANDARD', 'WHOLESALE', 'CUSTOM'] as const)
    for (const tier of customerTiers)
      for (const method of ['BANK_TRANSFER', 'CARD', 'ALIPAY', 'WECHAT_PAY'] as const)
        expect(checkPaymentMethod(context({ orderType, method, tier }))).toEqual([]);
});

test('what is asked of a type is what the rules in force say, and the finding names them', () => {
  const content = {
    STANDARD: { refusedMethods: ['CARD' as const], minimum: { quantity: 2, amount: {} } },
    WHOLESALE: { refusedMethods: [] },
    CUSTOM: { refusedMethods: [] },
  };
  const rules = rulesOf({ orderTypes: { version: 6, content } });
  const evidence = [{ source: 'RULE', id: 'orderTypes', version: 6, detail: 'STANDARD' }];
  const given = context({ orderType: 'STANDARD', method: 'CARD', rules });
  expect([...checkMinimum(given), ...checkPaymentMethod(given)]).toMatchObject([
    { code: 'MINIMUM_NOT_MET', expected: '>= 2', evidence },
    { code: 'PAYMENT_METHOD_NOT_ALLOWED', value: 'CARD', evidence },
  ]);
  expect(checkMinimum(context({ orderType: 'WHOLESALE', lines: [[1, '1']], rules }))).toEqual([]);
});
