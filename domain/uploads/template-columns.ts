import type { Text } from '../values/languages.ts';

/**
 * How a column's cells are read: `identifier` is text that a spreadsheet may have turned into a number, `ordinal` a line
 * number, `choice` words that stand for codes.
 */
export type ColumnFormat =
  | 'identifier'
  | 'ordinal'
  | 'name'
  | 'note'
  | 'email'
  | 'telephone'
  | 'date'
  | 'quantity'
  | 'amount'
  | 'percent'
  | 'choice';

/** A column of the order template, contract §4. `field` is its place in the order, or in the line at line level. */
export type TemplateColumn = {
  header: Text;
  aliases: readonly string[];
  level: 'order' | 'line';
  requirement: 'required' | 'conditional' | 'optional';
  format: ColumnFormat;
  field: string;
};

type Level = TemplateColumn['level'];
type Requirement = TemplateColumn['requirement'];

const column =
  (level: Level) =>
  (
    requirement: Requirement,
    format: ColumnFormat,
    field: string,
    en: string,
    zh: string,
    ...aliases: string[]
  ) =>
    ({ header: { 'zh-CN': zh, en }, aliases, level, requirement, format, field }) satisfies TemplateColumn;

const order = column('order');
const line = column('line');

export const templateColumns = {
  orderReference: order(
    'required',
    'identifier',
    'customerOrderReference',
    'Order Reference',
    '订单号',
    '客户订单号',
    '采购单号',
    '外部单号',
    'PO号',
    'PO Number',
    'Order Number',
  ),
  orderDate: order('optional', 'date', 'issueDate', 'Order Date', '下单日期', '订单日期'),
  orderType: order('optional', 'choice', 'orderType', 'Order Type', '订单类型'),
  currency: order('optional', 'choice', 'currency', 'Currency', '币种', '货币'),
  customerId: order('optional', 'identifier', 'buyer/customerId', 'Customer ID', '客户编号', '客户代码'),
  customerName: order(
    'required',
    'name',
    'buyer/name',
    'Customer Name',
    '客户名称',
    '客户',
    '购买方',
    '公司名称',
    'Customer',
  ),
  contactName: order('optional', 'name', 'buyer/contact/name', 'Contact Name', '联系人', 'Contact'),
  contactPhone: order(
    'conditional',
    'telephone',
    'buyer/contact/telephone',
    'Contact Phone',
    '联系方式',
    '联系电话',
    '电话',
    '手机',
    '手机号',
    'Phone',
    'Telephone',
  ),
  contactEmail: order(
    'conditional',
    'email',
    'buyer/contact/email',
    'Contact Email',
    '邮箱',
    '电子邮件',
    'Email',
    'E-mail',
  ),
  recipientName: order(
    'optional',
    'name',
    'delivery/recipientName',
    'Recipient Name',
    '收货人',
    '收件人',
    'Recipient',
  ),
  recipientPhone: order(
    'optional',
    'telephone',
    'delivery/telephone',
    'Recipient Phone',
    '收货电话',
    '收件人电话',
  ),
  country: order('optional', 'choice', 'delivery/address/countryCode', 'Country', '国家'),
  province: order('required', 'name', 'delivery/address/region', 'Province', '省份', '省', 'State', 'Region'),
  city: order('required', 'name', 'delivery/address/city', 'City', '城市', '市'),
  district: order('optional', 'name', 'delivery/address/district', 'District', '区县', '区'),
  address: order(
    'required',
    'name',
    'delivery/address/line1',
    'Address',
    '收货地址',
    '详细地址',
    '地址',
    'Delivery Address',
  ),
  postalCode: order(
    'optional',
    'identifier',
    'delivery/address/postalCode',
    'Postal Code',
    '邮编',
    '邮政编码',
    'Postcode',
  ),
  requestedDate: order(
    'required',
    'date',
    'delivery/requestedDate',
    'Requested Delivery Date',
    '交付日期',
    '交货日期',
    '期望到货日期',
    'Delivery Date',
  ),
  paymentMethod: order('required', 'choice', 'payment/method', 'Payment Method', '付款方式', '支付方式'),
  partialDelivery: order(
    'optional',
    'choice',
    'delivery/partialDeliveryAllowed',
    'Partial Delivery',
    '允许分批',
    '可否分批发货',
  ),
  substitution: order('optional', 'choice', 'substitutionPolicy', 'Substitution', '可否替换', '替代'),
  lineNumber: line('optional', 'ordinal', 'lineId', 'Line No', '行号', '序号', 'Line'),
  sku: line('conditional', 'identifier', 'sku', 'SKU', '商品编码', '货号', '物料编码', 'SKU编码'),
  buyerItemCode: line(
    'conditional',
    'identifier',
    'buyerItemId',
    'Buyer Item Code',
    '客户料号',
    '客户商品编码',
  ),
  gtin: line('conditional', 'identifier', 'gtin', 'Barcode (GTIN)', '条码', '国际条码', 'Barcode', 'GTIN'),
  itemName: line('required', 'name', 'name', 'Item Name', '商品名称', '品名', '产品名称'),
  specification: line('conditional', 'name', 'specification', 'Specification', '规格型号', '规格', '型号'),
  quantity: line('required', 'quantity', 'quantity', 'Quantity', '数量', '订购数量', 'Qty'),
  unit: line('optional', 'choice', 'unitCode', 'Unit', '单位', '计量单位'),
  unitPrice: line(
    'required',
    'amount',
    'unitPrice',
    'Unit Price',
    '单价',
    '价格',
    '含税单价',
    '不含税单价',
    '未税单价',
    'Price',
  ),
  discountPercent: line('optional', 'percent', 'discount/value', 'Discount %', '折扣(%)', '折扣率', '折扣'),
  discountAmount: line('optional', 'amount', 'discount/value', 'Discount Amount', '优惠金额', '折扣金额'),
  promotionCode: order('optional', 'identifier', 'promotionCodes/0', 'Promotion Code', '促销码', '优惠码'),
  lineAmount: line('optional', 'amount', 'lineAmount', 'Line Amount', '金额', '小计'),
  orderTotal: order(
    'optional',
    'amount',
    'totals/payableAmount',
    'Order Total',
    '订单金额',
    '合计',
    '总金额',
  ),
  shippingFee: order('optional', 'amount', 'allowanceCharges/0/amount', 'Shipping Fee', '运费'),
  invoiceTitle: order('optional', 'name', 'invoiceRequest/title', 'Invoice Title', '发票抬头'),
  taxId: order('optional', 'identifier', 'invoiceRequest/taxpayerId', 'Tax ID', '税号', '纳税人识别号'),
  invoiceKind: order('optional', 'choice', 'invoiceRequest/kind', 'Invoice Kind', '发票类型'),
  qualificationNumber: order(
    'optional',
    'identifier',
    'qualifications/0/number',
    'Qualification No',
    '资质编号',
    '许可证号',
  ),
  remarks: line('optional', 'note', 'note', 'Remarks', '备注', '说明'),
} as const satisfies Readonly<Record<string, TemplateColumn>>;

export type ColumnName = keyof typeof templateColumns;

export const columnNames = Object.keys(templateColumns) as [ColumnName, ...ColumnName[]];

/** A header as it is compared: NFKC, lower case, without spaces, invisible characters, underscores, asterisks and brackets. */
const folded = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}_*()[\]{}【】〔〕《》<>:]/gu, '');

const byHeader = new Map<string, ColumnName>(
  columnNames.flatMap((name) => {
    const { header, aliases } = templateColumns[name];
    return [header['zh-CN'], header.en, ...aliases].map((text) => [folded(text), name] as const);
  }),
);

const bracketed = /[([【〔](.*?)[)\]】〕]/g;

/** What a header says in brackets, such as "CNY" in "Unit Price (CNY)". */
export const remarksOf = (header: string): string[] =>
  [...header.normalize('NFKC').matchAll(bracketed)].map(([, remark = '']) => remark.trim());

const withoutBracketed = (header: string): string => header.normalize('NFKC').replaceAll(bracketed, '');

/** A header in two languages, such as "数量 Quantity", names a column when both halves name the same one. */
const bilingualColumn = (header: string): ColumnName | undefined => {
  const chinese = byHeader.get(folded(header.replaceAll(/[\p{Script=Latin}/|%]/gu, '')));
  const latin = byHeader.get(folded(header.replaceAll(/[\p{Script=Han}/|]/gu, '')));
  return chinese === latin ? chinese : undefined;
};

/** A partner's own headers, as its profile has them: their header, our column. */
export type HeaderAliases = Readonly<Record<string, ColumnName>>;

/** Finds the template column that a header means in a partner's own words. */
export const aliasFinder = (aliases: HeaderAliases = {}): ((header: string) => ColumnName | undefined) => {
  const own = new Map(Object.entries(aliases).map(([header, name]) => [folded(header), name] as const));
  return (header) => (own.size === 0 ? undefined : own.get(folded(header)));
};

/** The template column that a header means, with or without a remark in brackets; undefined when unknown. */
export const columnFor = (header: string): ColumnName | undefined =>
  byHeader.get(folded(header)) ?? byHeader.get(folded(withoutBracketed(header))) ?? bilingualColumn(header);
