import fc from 'fast-check';
import { aSubmission } from '../builders/a-submission.ts';
import { aLine, type Line } from './sample-orders.ts';

/** Orders as strangers write them: every optional field there or not, texts and numbers in any of their forms. */

const text = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .filter((one) => one.trim() !== '' && one.normalize().length <= maxLength && /^\P{Cc}*$/u.test(one))
    .map((one) => (one.length % 3 === 0 && one.length + 2 <= maxLength ? ` ${one} ` : one));

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const money = fc
  .tuple(fc.nat(9999), fc.nat(99))
  .map(([whole, part]) => `${whole}.${String(part).padStart(2, '0')}`);

const article = fc.constantFrom(
  { sku: 'CUP-350-BL' },
  { sku: 'TEA' },
  { sku: 'NOBODY-KNOWS' },
  { buyerItemId: 'OUR-CUP' },
  { buyerItemId: 'OUR-OTHER' },
  { gtin: '6901234567892' },
);

const amountOf = fc.oneof(
  fc.record({
    quantity: fc.integer({ min: 1, max: 999 }),
    unitCode: optional(fc.constantFrom('C62', 'XBX')),
  }),
  fc.record({
    quantity: fc.integer({ min: 1, max: 9999 }).map((n) => n / 1000),
    unitCode: fc.constant('KGM'),
  }),
);

const submittedLine = fc
  .tuple(
    article,
    amountOf,
    fc.record({
      name: text(30),
      specification: optional(text(20)),
      unitPrice: money,
      taxRate: optional(fc.constantFrom('0.13', '0.130', '0', '0.06')),
      discount: optional(
        fc.record({ type: fc.constant('PERCENT'), value: fc.constantFrom('5', '10.5', '100') }),
      ),
      note: optional(text(50)),
      customization: optional(
        fc.oneof(
          text(40),
          fc.dictionary(
            fc.constantFrom('colour', '尺寸', 'a/b~c', ''),
            fc.oneof(text(10), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer())),
          ),
        ),
      ),
    }),
  )
  .map((parts) => Object.assign({}, ...parts));

const submission = fc
  .record({
    issueDate: optional(fc.constantFrom('2025-10-13T09:00:00+08:00', '2025-10-14T01:59:59Z')),
    sourceChannel: optional(fc.constantFrom('API', 'ECOMMERCE', 'POS', 'EMAIL', 'SALES_FORM')),
    pricesIncludeTax: optional(fc.boolean()),
    language: optional(fc.constantFrom('zh', 'zh-CN', 'en', 'en-GB', 'ja')),
    buyerName: text(40),
    email: optional(fc.constant('wang@example.com')),
    recipientName: optional(text(40)),
    partialDeliveryAllowed: optional(fc.boolean()),
    method: fc.constantFrom('BANK_TRANSFER', 'ON_ACCOUNT'),
    substitutionPolicy: optional(fc.constantFrom('NONE', 'ASK', 'ALLOW')),
    shortagePolicy: optional(fc.constantFrom('ASK', 'WAIT')),
    lines: fc.array(submittedLine, { minLength: 1, maxLength: 4 }),
    allowanceCharges: optional(
      fc.array(fc.record({ isCharge: fc.constant(true), amount: money, reason: optional(text(20)) }), {
        maxLength: 2,
      }),
    ),
    promotionCodes: optional(fc.array(fc.constantFrom('SPRING', 'AUTUMN'), { maxLength: 2 })),
    qualifications: optional(
      fc.array(fc.record({ type: fc.constant('FOOD'), number: text(10) }), { maxLength: 2 }),
    ),
    invoiceRequest: optional(
      fc.record({
        titleType: fc.constant('INDIVIDUAL'),
        title: text(30),
        email: fc.constant('a@example.com'),
      }),
    ),
    notes: optional(text(100)),
    metadata: optional(fc.dictionary(fc.constantFrom('shop', '门店', 'x~/y'), text(20))),
    test: optional(fc.boolean()),
  })
  .map(({ buyerName, email, recipientName, partialDeliveryAllowed, method, lines, ...order }) => {
    const { buyer, delivery } = aSubmission();
    return {
      ...aSubmission({ totals: undefined, invoiceRequest: undefined, metadata: undefined }),
      orderType: undefined,
      buyer: { name: buyerName, contact: { ...buyer.contact, email } },
      delivery: { ...delivery, requestedDate: '2025-11-20', recipientName, partialDeliveryAllowed },
      payment: { method },
      ...order,
      lines: lines.map((line, index) => ({ lineId: String(index + 1), ...line })),
    };
  });

const numberForms: ((quantity: number) => string)[] = [
  (quantity) => String(quantity),
  (quantity) => quantity.toFixed(3),
  (quantity) => quantity.toExponential(),
];

/** A posted body, with quantities in one of the forms that JSON has for a number. */
export const postedOrder = fc
  .tuple(submission, fc.constantFrom(...numberForms), fc.constantFrom(undefined, 2))
  .map(([body, form, indent]) =>
    JSON.stringify(body, undefined, indent).replaceAll(
      /("quantity": ?)([\d.]+)/g,
      (_, name: string, quantity: string) => name + form(Number(quantity)),
    ),
  );

const orNone = (...texts: string[]) => fc.constantFrom(undefined, ...texts);

const lineCells = fc.record({
  sku: fc.constantFrom('CUP-350-BL', ' TEA ', 'ＴＥＡ'),
  itemName: fc.constantFrom('保温杯', ' Vacuum flask ', 'Café au lait', 'Cafe\u0301'),
  specification: fc.constantFrom('350ml 蓝色', '350 ml'),
  quantity: fc.constantFrom('24', ' 24 ', '２４', '1,200.00', '3.0'),
  unit: orNone('个', 'pcs', '箱', 'C62'),
  unitPrice: fc.constantFrom('39.90', '¥39.90', '39.9', ' 1,039.90'),
  discountPercent: orNone('9折', '5%', '10%', '0'),
  lineNumber: fc.constant(undefined),
  remarks: orNone('请轻放', 'line 1; "quoted", with commas', ' spaces '),
});

const orderCells = fc.record({
  orderDate: orNone('2025-10-01', '2025/10/1 08:30', '2025年10月1日'),
  orderType: orNone('普通', 'WHOLESALE'),
  currency: orNone('CNY', '人民币'),
  customerName: fc.constantFrom('示例客户', ' Example Customer '),
  contactPhone: fc.constantFrom('13800138000', '138 0013 8000', '+86 138-0013-8000'),
  recipientName: orNone('李示例'),
  recipientPhone: orNone('13900139000'),
  country: orNone('中国', 'CN'),
  postalCode: orNone('201203'),
  requestedDate: fc.constantFrom('2025-10-20', '2025/10/20', '20251020', '2025年10月20日'),
  paymentMethod: fc.constantFrom('银行转账', '月结', 'ALIPAY'),
  partialDelivery: orNone('是', 'N'),
  substitution: orNone('不可', '先询问'),
  promotionCode: orNone('SPRING', 'SPRING, AUTUMN'),
  shippingFee: orNone('10', '12.50', '0'),
  invoiceTitle: orNone('示例客户'),
  qualificationNumber: orNone('JY1310000'),
});

const addresses = fc.constantFrom<Line>(
  {},
  { province: '上海', city: undefined, district: '浦东新区' },
  { province: undefined, city: undefined, address: '广东省深圳市南山区科技园1号' },
  { province: '浙江省', city: '杭州市', address: '示例路 1 号' },
);

/** The rows of one order; order-level cells stand in the first row, or in every row. */
export const fileOrder = (orderReference: string): fc.Arbitrary<Line[]> =>
  fc
    .tuple(orderCells, addresses, fc.array(lineCells, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([cells, address, lines, repeats]) =>
      lines.map((line, index) =>
        index === 0 || repeats
          ? aLine({ orderReference, ...cells, ...address, ...line })
          : { orderReference, ...line },
      ),
    );
