import type { Finding } from '../../domain/findings/finding.ts';
import { findingSentence, suggestionSentence } from '../../domain/findings/finding-messages.ts';
import type { OrderLine, StoredFinding } from '../../domain/orders/order.ts';
import type { Text } from '../../domain/values/languages.ts';
import type { Block, Cell, Fact } from './mail-content.ts';
import { isForStaff, type OrderMail } from './mail-model.ts';
import { showAddress } from './wording/addresses.ts';
import { showAmount, showQuantity, showRate, showUnitPrice } from './wording/amounts.ts';
import { showDay, showDelivery, showInstant } from './wording/dates.ts';
import { showPlace } from './wording/fields.ts';
import { showMethod } from './wording/terms.ts';

/** Blocks that several mails about an order have in common. Amounts are the stored ones, never computed here. */

const labels = {
  orderNumber: { 'zh-CN': '订单号', en: 'Order number' },
  yourReference: { 'zh-CN': '贵方单号', en: 'Your reference' },
  customerReference: { 'zh-CN': '客户单号', en: 'Customer’s reference' },
  customer: { 'zh-CN': '客户', en: 'Customer' },
  lines: { 'zh-CN': '商品明细', en: 'Order lines' },
  article: { 'zh-CN': '商品', en: 'Article' },
  quantity: { 'zh-CN': '数量', en: 'Quantity' },
  amount: { 'zh-CN': '金额', en: 'Amount' },
  sumOfLines: { 'zh-CN': '商品金额', en: 'Sum of lines' },
  allowances: { 'zh-CN': '优惠', en: 'Allowances' },
  charges: { 'zh-CN': '运费及其他费用', en: 'Shipping and other charges' },
  tax: { 'zh-CN': '税额', en: 'Tax' },
  taxIncluded: { 'zh-CN': '其中税额', en: 'Tax included' },
  payable: { 'zh-CN': '应付金额', en: 'Amount due' },
  delivery: { 'zh-CN': '收货信息', en: 'Delivery' },
  recipient: { 'zh-CN': '收货人', en: 'Recipient' },
  telephone: { 'zh-CN': '电话', en: 'Telephone' },
  address: { 'zh-CN': '收货地址', en: 'Address' },
  requested: { 'zh-CN': '要求交付日期', en: 'Requested for' },
  promised: { 'zh-CN': '预计交付日期', en: 'Promised for' },
  paymentMethod: { 'zh-CN': '付款方式', en: 'Payment method' },
  reference: { 'zh-CN': '付款附言', en: 'Payment reference' },
  dueAt: { 'zh-CN': '付款截止', en: 'Pay before' },
  account: { 'zh-CN': '收款账户', en: 'Our account' },
  payment: { 'zh-CN': '付款信息', en: 'Payment' },
} as const satisfies Record<string, Text>;

/** Order number and references on top of every mail about an order, with whatever facts the mail is about. */
export const numbersBlock = (mail: OrderMail, ...more: Fact[]): Block => {
  const { intent, record } = mail;
  const { orderNumber, customerOrderReference } = record.state;
  const { language } = intent;
  const isStaff = isForStaff(mail);
  return {
    kind: 'facts',
    facts: [
      { label: labels.orderNumber[language], value: orderNumber },
      {
        label: labels[isStaff ? 'customerReference' : 'yourReference'][language],
        value: customerOrderReference,
      },
      ...(isStaff ? [{ label: labels.customer[language], value: record.content.buyer.name }] : []),
      ...more,
    ],
  };
};

const articleCell = (line: OrderLine): Cell => ({
  main: line.name,
  sub: [line.specification, line.sku ?? line.buyerItemId ?? line.gtin].filter((part) => part).join(' · '),
});

/** "at CN¥39.90, less 5%": below the quantity, since a phone has no room for a column of its own. */
const priceOf = ({ unitPrice, discount }: OrderLine, { record, intent: { language } }: OrderMail): string => {
  const show = (decimal: string) => showUnitPrice(decimal, record.content.currency, language);
  const less = discount && (discount.type === 'PERCENT' ? `${discount.value}%` : show(discount.value));
  if (language === 'en') return `at ${show(unitPrice)}${less ? `, less ${less}` : ''}`;
  return `单价 ${show(unitPrice)}${less ? `，减 ${less}` : ''}`;
};

const totalFacts = ({ record, intent: { language } }: OrderMail): Fact[] => {
  const { amounts, currency, pricesIncludeTax } = record.content;
  const show = (minor: number) => showAmount(minor, currency, language);
  const taxLabel = labels[pricesIncludeTax ? 'taxIncluded' : 'tax'][language];
  return [
    { label: labels.sumOfLines[language], value: show(amounts.lineExtensionAmount) },
    ...(amounts.allowanceTotal > 0
      ? [{ label: labels.allowances[language], value: show(-amounts.allowanceTotal) }]
      : []),
    ...(amounts.chargeTotal > 0
      ? [{ label: labels.charges[language], value: show(amounts.chargeTotal) }]
      : []),
    ...amounts.taxes.map(({ rate, taxAmount }) => ({
      label:
        language === 'en'
          ? `${taxLabel} (${showRate(rate, language)})`
          : `${taxLabel}（${showRate(rate, language)}）`,
      value: show(taxAmount),
    })),
    { label: labels.payable[language], value: show(amounts.payableAmount) },
  ];
};

/** All lines with prices and totals. */
export const pricedLinesBlock = (mail: OrderMail): Block => {
  const { language } = mail.intent;
  const { lines, currency } = mail.record.content;
  return {
    kind: 'table',
    heading: labels.lines[language],
    columns: [labels.article, labels.quantity, labels.amount].map((label) => label[language]),
    rows: lines.map((line) => [
      articleCell(line),
      { main: showQuantity(line.quantity, line.unitCode, language), sub: priceOf(line, mail) },
      { main: showAmount(line.lineAmountMinor, currency, language) },
    ]),
    totals: totalFacts(mail),
  };
};

/** Some quantities of lines, without prices: what is in a parcel, or what is to be packed. */
export const quantitiesBlock = (
  { record, intent: { language } }: OrderMail,
  heading: Text,
  quantities: readonly { lineId: string; quantity: number }[],
): Block => ({
  kind: 'table',
  heading: heading[language],
  columns: [labels.article[language], labels.quantity[language]],
  rows: quantities.flatMap(({ lineId, quantity }) => {
    const line = record.content.lines.find((candidate) => candidate.lineId === lineId);
    return line ? [[articleCell(line), { main: showQuantity(quantity, line.unitCode, language) }]] : [];
  }),
  totals: [],
});

/** To whom, where and when. */
export const deliveryBlock = ({ record, intent: { language } }: OrderMail): Block => {
  const { buyer, delivery } = record.content;
  const telephone = delivery.telephone ?? buyer.contact.telephone;
  const { promisedDate } = record.state;
  return {
    kind: 'facts',
    heading: labels.delivery[language],
    facts: [
      {
        label: labels.recipient[language],
        value: delivery.recipientName ?? buyer.contact.name ?? buyer.name,
      },
      ...(telephone ? [{ label: labels.telephone[language], value: telephone }] : []),
      { label: labels.address[language], value: showAddress(delivery.address, language) },
      { label: labels.requested[language], value: showDelivery(delivery, language) },
      ...(promisedDate ? [{ label: labels.promised[language], value: showDay(promisedDate, language) }] : []),
    ],
  };
};

/** How, where and by when to pay; the order number is the reference that finds the order again. */
export const paymentBlock = ({ record, company, intent: { language } }: OrderMail): Block => {
  const { state } = record;
  const account = state.paymentMethod === 'BANK_TRANSFER' ? company.bankAccount : undefined;
  return {
    kind: 'facts',
    heading: labels.payment[language],
    facts: [
      { label: labels.payable[language], value: showAmount(state.payableAmount, state.currency, language) },
      { label: labels.paymentMethod[language], value: showMethod(state.paymentMethod, language) },
      ...(account ? [{ label: labels.account[language], value: account }] : []),
      { label: labels.reference[language], value: state.orderNumber },
      ...(state.paymentDueAt
        ? [
            {
              label: labels.dueAt[language],
              value: showInstant(state.paymentDueAt, company.timeZone, language),
            },
          ]
        : []),
    ],
  };
};

/** Findings with their place, both values and a fix. */
export const findingsBlock = (
  { record, intent: { language } }: OrderMail,
  heading: Text,
  findings: readonly (Omit<Finding, 'severity'> &
    Partial<Pick<StoredFinding, 'question' | 'customerNote'>>)[],
): Block => ({
  kind: 'list',
  heading: heading[language],
  items: findings.map((finding) => {
    const place = showPlace(finding.pointer, record.content.lines, language);
    const sentence = findingSentence(finding, language);
    return {
      main: place ? `${place}${language === 'en' ? ': ' : '：'}${sentence}` : sentence,
      sub:
        [suggestionSentence(finding, language), finding.question, finding.customerNote]
          .filter((part) => part !== undefined)
          .join(' ') || undefined,
    };
  }),
});
