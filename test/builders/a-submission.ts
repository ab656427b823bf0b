import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';

/** The moment at which orders of these tests are placed; a day in the company zone. */
export const orderDay = new Date('2026-03-02T08:00:00Z');

/** A line of cups that is well-formed and agrees with aProduct(). */
export const aSubmittedLine = (
  line: Partial<SubmissionInput['lines'][number]> = {},
): SubmissionInput['lines'][number] => ({
  lineId: '1',
  sku: 'CUP-350-BL',
  name: '保温杯',
  specification: '350ml 蓝色',
  quantity: 24,
  unitCode: 'C62',
  unitPrice: '39.90',
  ...line,
});

/** The order of contract §2 with a delivery date in the future, changed as told. */
export const aSubmission = (changes: Partial<SubmissionInput> = {}): SubmissionInput => ({
  customerOrderReference: 'PO-2025-1014-001',
  orderType: 'WHOLESALE',
  currency: 'CNY',
  language: 'zh-CN',
  pricesIncludeTax: true,
  buyer: {
    customerId: 'C10086',
    name: '上海示例贸易有限公司',
    contact: { name: '王敏', telephone: '+8613800138000', email: 'wang@example.com' },
  },
  delivery: {
    address: {
      line1: '张江路 100 号 3 幢',
      district: '浦东新区',
      city: '上海市',
      region: 'CN-SH',
      postalCode: '201203',
      countryCode: 'CN',
    },
    requestedDate: '2026-03-20',
    partialDeliveryAllowed: true,
  },
  payment: { method: 'BANK_TRANSFER' },
  substitutionPolicy: 'ASK',
  lines: [aSubmittedLine({ discount: { type: 'PERCENT', value: '5' } })],
  totals: { payableAmount: '909.72' },
  invoiceRequest: {
    titleType: 'ORGANIZATION',
    title: '上海示例贸易有限公司',
    taxpayerId: '91310115MA1K3XXXXX',
    kind: 'NORMAL',
  },
  ...changes,
});
