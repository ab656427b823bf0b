import type { Seeded } from './seeded.ts';

/** An order as its sender means it: what every reading of a file is held against. Amounts and dates are in normal form. */
export type IntendedOrder = {
  reference: string;
  orderDate?: string;
  customerId?: string;
  customerName: string;
  contactName: string;
  phone: { typed: string; e164: string };
  email: string;
  place: Place;
  address: string;
  requestedDate: string;
  payment: Choice;
  orderType?: Choice;
  taxId?: string;
  /** What stands in columns that the template does not have. */
  metadata?: Readonly<Record<string, string>>;
  lines: IntendedLine[];
};

export type IntendedLine = {
  item: { sku?: string; gtin?: string; buyerItemCode?: string };
  name: string;
  specification?: string;
  quantity: string;
  unit: Choice;
  unitPrice: string;
  discountPercent?: string;
  remarks?: string;
};

/** A word in each language, and the code that it stands for. */
export type Choice = { zh: string; en: string; code: string };
type Place = { province: string; region: string; city: string; district?: string; postalCode: string };

const customerNames: [string, ...string[]] = [
  '示例咖啡馆',
  '上海示例贸易有限公司',
  '示例（北京）科技有限公司',
  '李玥工作室',
  'Example Trading Ltd.',
  "O'Example & Sons",
  '示例・商会',
];
const people: [string, ...string[]] = ['张示例', '王敏', '李玥', '欧阳示范', 'A. Example', 'Zoë Example'];
const phones: [IntendedOrder['phone'], ...IntendedOrder['phone'][]] = [
  { typed: '13800138000', e164: '+8613800138000' },
  { typed: '+86 138 0013 8001', e164: '+8613800138001' },
  { typed: '138-0013-8002', e164: '+8613800138002' },
  { typed: '021-55501234', e164: '+862155501234' },
  { typed: '+1 202-555-0143', e164: '+12025550143' },
  { typed: '+44 20 7946 0018', e164: '+442079460018' },
];
const places: [Place, ...Place[]] = [
  { province: '上海市', region: 'CN-SH', city: '上海市', district: '浦东新区', postalCode: '200120' },
  { province: '广东省', region: 'CN-GD', city: '深圳市', district: '南山区', postalCode: '518000' },
  { province: '内蒙古自治区', region: 'CN-NM', city: '呼和浩特市', postalCode: '010010' },
  { province: '河北', region: 'CN-HE', city: '石家庄市', district: '长安区', postalCode: '050000' },
];
const streets: [string, ...string[]] = [
  '示例路 100 号',
  '北京路 2 号 3 楼',
  '科技园 A 座，前台',
  '1 Example Street; Suite 2',
];
const payments: [Choice, ...Choice[]] = [
  { zh: '银行转账', en: 'bank transfer', code: 'BANK_TRANSFER' },
  { zh: '支付宝', en: 'ALIPAY', code: 'ALIPAY' },
  { zh: '月结', en: 'ON_ACCOUNT', code: 'ON_ACCOUNT' },
  { zh: '货到付款', en: 'COD', code: 'CASH_ON_DELIVERY' },
];
const orderTypes: [Choice, ...Choice[]] = [
  { zh: '普通', en: 'standard', code: 'STANDARD' },
  { zh: '批发', en: 'WHOLESALE', code: 'WHOLESALE' },
];
const units: [Choice, ...Choice[]] = [
  { zh: '个', en: 'pcs', code: 'C62' },
  { zh: '箱', en: 'carton', code: 'XCT' },
  { zh: '千克', en: 'kg', code: 'KGM' },
];
const items: [IntendedLine['item'], ...IntendedLine['item'][]] = [
  { sku: 'CUP-350-BL' },
  { sku: '00012345' },
  { sku: 'MUG/300.WH' },
  { gtin: '4006381333931' },
  { gtin: '0012345678905' },
  { buyerItemCode: 'K-0007' },
];
const itemNames: [string, ...string[]] = [
  '保温杯',
  '马克杯',
  'Tea “Dragon Well”',
  '27" 显示器',
  '茶叶（250 克）',
];
const specifications: [string, ...string[]] = ['350ml 蓝色', '300ml 白色', 'M8 × 40', '2.0 升'];
const prices: [string, ...string[]] = ['39.9', '1234.5', '0.0125', '199', '5'];
const remarks: [string, ...string[]] = ['请轻放', '-易碎', '+1 个备用', 'a,b;c|d', '第一行\n第二行'];

const twoDigits = (number: number): string => String(number).padStart(2, '0');

const lineOf = (choose: Seeded): IntendedLine => {
  const unit = choose.pick(units);
  return {
    item: choose.pick(items),
    name: choose.pick(itemNames),
    ...(choose.chance(0.8) && { specification: choose.pick(specifications) }),
    quantity: String(1 + choose.below(900)) + (unit.code === 'KGM' && choose.chance(0.5) ? '.5' : ''),
    unit,
    unitPrice: choose.pick(prices),
    ...(choose.chance(0.2) && { discountPercent: String(1 + choose.below(9)) }),
    ...(choose.chance(0.3) && { remarks: choose.pick(remarks) }),
  };
};

/** Lines of an order differ, so that none looks like a copy of another. */
const differing = (lines: readonly IntendedLine[]): IntendedLine[] =>
  lines.map((line, index) => ({ ...line, name: index === 0 ? line.name : `${line.name} ${index + 1}` }));

const orderOf = (choose: Seeded, index: number): IntendedOrder => ({
  reference: choose.pick([`PO-2025-${twoDigits(index)}`, `20251014${twoDigits(index)}7`, `A/${index}.x_1`]),
  ...(choose.chance(0.5) && { orderDate: `2025-10-${twoDigits(1 + choose.below(13))}` }),
  ...(choose.chance(0.4) && { customerId: choose.pick(['00042', 'C10086', '7']) }),
  customerName: choose.pick(customerNames),
  contactName: choose.pick(people),
  phone: choose.pick(phones),
  email: choose.pick(['orders@example.com', 'Wang.Min+po@example.org']),
  place: choose.pick(places),
  address: choose.pick(streets),
  requestedDate: `2025-${choose.pick(['11', '12'])}-${twoDigits(1 + choose.below(28))}`,
  payment: choose.pick(payments),
  ...(choose.chance(0.4) && { orderType: choose.pick(orderTypes) }),
  ...(choose.chance(0.3) && { taxId: choose.pick(['91310115MA1K300000', '913101150000000003']) }),
  lines: differing(Array.from({ length: 1 + choose.below(3) }, () => lineOf(choose))),
});

/** So many orders of one to three lines, each with a reference of its own. */
export const intendedOrders = (choose: Seeded, count: number): IntendedOrder[] =>
  Array.from({ length: count }, (_, index) => orderOf(choose, index + 1));
