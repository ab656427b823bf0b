import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import type { Text } from '../../../domain/values/languages.ts';

/** The row that shows how to fill in the template: its reference starts with a word by which it is skipped. */
export const exampleRow = (day: string): Partial<Record<ColumnName, Text>> => ({
  orderReference: { 'zh-CN': '示例-1', en: 'EXAMPLE-1' },
  currency: { 'zh-CN': 'CNY', en: 'CNY' },
  customerName: { 'zh-CN': '示例客户', en: 'Example customer' },
  contactName: { 'zh-CN': '张示例', en: 'A. Example' },
  contactPhone: { 'zh-CN': '+8613800138000', en: '+8613800138000' },
  contactEmail: { 'zh-CN': 'orders@example.com', en: 'orders@example.com' },
  country: { 'zh-CN': '中国', en: 'CN' },
  province: { 'zh-CN': '上海市', en: 'CN-SH' },
  city: { 'zh-CN': '上海市', en: '上海市' },
  address: { 'zh-CN': '示例路 1 号', en: '示例路 1 号' },
  postalCode: { 'zh-CN': '200000', en: '200000' },
  requestedDate: { 'zh-CN': day, en: day },
  paymentMethod: { 'zh-CN': '银行转账', en: 'BANK_TRANSFER' },
  lineNumber: { 'zh-CN': '1', en: '1' },
  sku: { 'zh-CN': 'MUG-300-WH', en: 'MUG-300-WH' },
  itemName: { 'zh-CN': '马克杯', en: 'Mug' },
  specification: { 'zh-CN': '300ml 白色', en: '300ml white' },
  quantity: { 'zh-CN': '2', en: '2' },
  unit: { 'zh-CN': '个', en: 'C62' },
  unitPrice: { 'zh-CN': '19.90', en: '19.90' },
});

const formatNotes: Readonly<Record<(typeof templateColumns)[ColumnName]['format'], Text>> = {
  identifier: {
    'zh-CN': '文本。请保留前导零，不要写成数字。',
    en: 'Text. Keep leading zeros; do not let it become a number.',
  },
  ordinal: {
    'zh-CN': '整数，默认按行的顺序。',
    en: 'A whole number; by default the place within the order.',
  },
  name: { 'zh-CN': '文本。', en: 'Text.' },
  note: { 'zh-CN': '文本，最多 500 个字符。', en: 'Text of at most 500 characters.' },
  email: { 'zh-CN': '电子邮件地址。', en: 'An e-mail address.' },
  telephone: {
    'zh-CN': '文本。国外号码以 + 和国家代码开头。',
    en: 'Text. A number abroad starts with + and the country code.',
  },
  date: { 'zh-CN': '日期单元格，或写作 2025-10-20。', en: 'A date cell, or written as 2025-10-20.' },
  quantity: { 'zh-CN': '大于 0 的数字。', en: 'A number above 0.' },
  amount: { 'zh-CN': '数字，不带货币符号。', en: 'A number without a currency sign.' },
  percent: { 'zh-CN': '0 到 100 的数字；“9折”即优惠 10。', en: 'A number from 0 to 100.' },
  choice: { 'zh-CN': '从列表中选择，或填写代码。', en: 'Choose from the list, or write a code.' },
};

const requirements: Readonly<Record<(typeof templateColumns)[ColumnName]['requirement'], Text>> = {
  required: { 'zh-CN': '必填', en: 'Required' },
  conditional: { 'zh-CN': '视情况必填', en: 'Required in some cases' },
  optional: { 'zh-CN': '选填', en: 'Optional' },
};

const levels: Readonly<Record<(typeof templateColumns)[ColumnName]['level'], Text>> = {
  order: {
    'zh-CN': '整个订单：填在第一行，或每行相同。',
    en: 'Of the whole order: on its first row, or the same on every row.',
  },
  line: { 'zh-CN': '每行商品各自填写。', en: 'Of each line.' },
};

/** When a column that is not always needed has to be filled. */
const conditions: Partial<Record<ColumnName, Text>> = {
  contactPhone: { 'zh-CN': '电话和邮箱至少填一项。', en: 'A phone number or an e-mail address is needed.' },
  contactEmail: { 'zh-CN': '电话和邮箱至少填一项。', en: 'A phone number or an e-mail address is needed.' },
  sku: {
    'zh-CN': '商品编码、客户料号、条码至少填一项。',
    en: 'One of SKU, buyer item code and barcode is needed.',
  },
  buyerItemCode: {
    'zh-CN': '商品编码、客户料号、条码至少填一项。',
    en: 'One of SKU, buyer item code and barcode is needed.',
  },
  gtin: {
    'zh-CN': '商品编码、客户料号、条码至少填一项。',
    en: 'One of SKU, buyer item code and barcode is needed.',
  },
  specification: { 'zh-CN': '商品有多种规格时必填。', en: 'Needed where the article has variants.' },
  discountPercent: { 'zh-CN': '不要与优惠金额同时填写。', en: 'Not together with a discount amount.' },
  address: {
    'zh-CN': '可填完整地址，省市区留空。',
    en: 'May be a full address; leave province and city blank then.',
  },
};

/** What is to be known of a column, as sentences. */
export const columnNotes = (name: ColumnName): Text => {
  const { requirement, level, format } = templateColumns[name];
  const parts = [requirements[requirement], conditions[name], levels[level], formatNotes[format]];
  const told = (language: keyof Text): string =>
    parts
      .flatMap((part) => (part ? [part[language].replace(/[。.]?$/, language === 'en' ? '.' : '。')] : []))
      .join(language === 'en' ? ' ' : '');
  return { 'zh-CN': told('zh-CN'), en: told('en') };
};

/** The words of the drop-down lists: in Chinese those that clerks use, in English the codes. */
export const choices: Partial<Record<ColumnName, { 'zh-CN': readonly string[]; en: readonly string[] }>> = {
  orderType: { 'zh-CN': ['普通', '批发', '定制'], en: ['STANDARD', 'WHOLESALE', 'CUSTOM'] },
  currency: { 'zh-CN': ['CNY', 'USD', 'EUR', 'JPY', 'HKD'], en: ['CNY', 'USD', 'EUR', 'JPY', 'HKD'] },
  paymentMethod: {
    'zh-CN': ['银行转账', '支付宝', '微信', '货到付款', '月结', '刷卡'],
    en: ['BANK_TRANSFER', 'ALIPAY', 'WECHAT_PAY', 'CASH_ON_DELIVERY', 'ON_ACCOUNT', 'CARD'],
  },
  partialDelivery: { 'zh-CN': ['是', '否'], en: ['Y', 'N'] },
  substitution: { 'zh-CN': ['不可', '先询问', '允许'], en: ['NONE', 'ASK', 'ALLOW'] },
  unit: {
    'zh-CN': ['个', '件', '箱', '千克', '米'],
    en: ['C62', 'XBX', 'XCT', 'KGM', 'MTR'],
  },
  invoiceKind: { 'zh-CN': ['普票', '专票'], en: ['NORMAL', 'SPECIAL'] },
};
