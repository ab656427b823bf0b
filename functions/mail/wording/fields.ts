import type { OrderLine } from '../../../domain/orders/order.ts';
import type { Language, Text } from '../../../domain/values/languages.ts';

const names: Readonly<Record<string, Text>> = {
  customerOrderReference: { 'zh-CN': '客户单号', en: 'order reference' },
  issueDate: { 'zh-CN': '下单日期', en: 'order date' },
  currency: { 'zh-CN': '币种', en: 'currency' },
  buyer: { 'zh-CN': '客户', en: 'customer' },
  customerId: { 'zh-CN': '客户编号', en: 'customer number' },
  name: { 'zh-CN': '名称', en: 'name' },
  contact: { 'zh-CN': '联系方式', en: 'contact' },
  telephone: { 'zh-CN': '电话', en: 'telephone' },
  email: { 'zh-CN': '电子邮箱', en: 'e-mail address' },
  recipientName: { 'zh-CN': '收货人', en: 'recipient' },
  address: { 'zh-CN': '收货地址', en: 'delivery address' },
  line1: { 'zh-CN': '详细地址', en: 'street address' },
  line2: { 'zh-CN': '地址补充', en: 'second address line' },
  district: { 'zh-CN': '区县', en: 'district' },
  city: { 'zh-CN': '城市', en: 'city' },
  region: { 'zh-CN': '省份', en: 'region' },
  postalCode: { 'zh-CN': '邮编', en: 'postcode' },
  countryCode: { 'zh-CN': '国家', en: 'country' },
  requestedDate: { 'zh-CN': '交付日期', en: 'requested delivery date' },
  requestedPeriod: { 'zh-CN': '交付期间', en: 'requested delivery period' },
  payment: { 'zh-CN': '付款', en: 'payment' },
  method: { 'zh-CN': '付款方式', en: 'payment method' },
  lines: { 'zh-CN': '商品行', en: 'order lines' },
  lineId: { 'zh-CN': '行号', en: 'line number' },
  sku: { 'zh-CN': '商品编码', en: 'article number' },
  buyerItemId: { 'zh-CN': '客户料号', en: 'your item code' },
  gtin: { 'zh-CN': '条码', en: 'barcode' },
  specification: { 'zh-CN': '规格型号', en: 'specification' },
  quantity: { 'zh-CN': '数量', en: 'quantity' },
  unitCode: { 'zh-CN': '单位', en: 'unit' },
  unitPrice: { 'zh-CN': '单价', en: 'unit price' },
  discount: { 'zh-CN': '折扣', en: 'discount' },
  taxRate: { 'zh-CN': '税率', en: 'tax rate' },
  lineAmount: { 'zh-CN': '金额', en: 'line amount' },
  customization: { 'zh-CN': '定制要求', en: 'customization' },
  note: { 'zh-CN': '备注', en: 'note' },
  allowanceCharges: { 'zh-CN': '优惠与费用', en: 'allowances and charges' },
  totals: { 'zh-CN': '订单金额', en: 'totals' },
  lineExtensionAmount: { 'zh-CN': '商品金额', en: 'sum of lines' },
  allowanceTotal: { 'zh-CN': '优惠合计', en: 'sum of allowances' },
  chargeTotal: { 'zh-CN': '费用合计', en: 'sum of charges' },
  taxAmount: { 'zh-CN': '税额', en: 'tax' },
  payableAmount: { 'zh-CN': '应付金额', en: 'amount due' },
  invoiceRequest: { 'zh-CN': '开票信息', en: 'invoice request' },
  taxpayerId: { 'zh-CN': '税号', en: 'taxpayer number' },
  qualifications: { 'zh-CN': '资质', en: 'licences' },
  promotionCodes: { 'zh-CN': '促销码', en: 'promotion codes' },
  promotionCode: { 'zh-CN': '促销码', en: 'promotion code' },
};

type NamedLine = Pick<OrderLine, 'lineId' | 'sku' | 'name'>;

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** Findings point at a line by its position, outbound slips by its SKU. */
const lineAt = (part: string | undefined, lines: readonly NamedLine[]): NamedLine | undefined =>
  part === undefined
    ? undefined
    : (lines[/^\d+$/.test(part) ? Number(part) : -1] ?? lines.find(({ sku }) => sku === part));

/** Where in the order a finding's RFC 6901 pointer points, in words: "Line 2 (Mug), quantity". Empty for the whole order. */
export const showPlace = (pointer: string, lines: readonly NamedLine[], language: Language): string => {
  const parts = pointer.split('/').slice(1).map(unescaped);
  const known = parts.findLast((part) => Object.hasOwn(names, part) && part !== 'lines');
  const field = known ? names[known]?.[language] : undefined;
  const line = parts[0] === 'lines' ? lineAt(parts[1], lines) : undefined;
  const where =
    line &&
    (language === 'en' ? `line ${line.lineId} (${line.name})` : `第 ${line.lineId} 行（${line.name}）`);
  const place = [where, field].filter((part) => part !== undefined).join(language === 'en' ? ', ' : ' ');
  return place.charAt(0).toUpperCase() + place.slice(1);
};
