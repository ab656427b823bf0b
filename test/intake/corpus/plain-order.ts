import type { IntendedLine, IntendedOrder } from './intended-orders.ts';

const line = (index: number): IntendedLine => ({
  item: { sku: `CUP-35${index}-BL` },
  name: `保温杯 ${index}`,
  quantity: String(24 + index),
  unit: { zh: '箱', en: 'carton', code: 'XCT' },
  unitPrice: '39.9',
  remarks: `请轻放 ${index}`,
});

/** An order without surprises and of so many lines, for damage that needs to know what stands around it. */
export const plainOrder = (index: number, lines = 1): IntendedOrder => ({
  reference: `PO-2025-${index}`,
  customerName: '上海示例贸易有限公司',
  contactName: '张示例',
  phone: { typed: '13800138000', e164: '+8613800138000' },
  email: 'orders@example.com',
  place: { province: '上海市', region: 'CN-SH', city: '上海市', postalCode: '200120' },
  address: '示例路 100 号',
  requestedDate: '2025-11-20',
  payment: { zh: '月结', en: 'ON_ACCOUNT', code: 'ON_ACCOUNT' },
  lines: Array.from({ length: lines }, (_, at) => line(at + 1)),
});
