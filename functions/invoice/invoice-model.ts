import type { Company } from '../../domain/findings/decision.ts';
import type { Order, OrderContent, OrderLine } from '../../domain/orders/order.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import type { Language } from '../../domain/values/languages.ts';
import type { MinorAmount } from '../../domain/values/money.ts';
import { showAddress } from '../mail/wording/addresses.ts';
import {
  showAmount,
  showBareAmount,
  showBareUnitPrice,
  showQuantity,
  showRate,
} from '../mail/wording/amounts.ts';
import { showDay } from '../mail/wording/dates.ts';
import { showMethod } from '../mail/wording/terms.ts';
import { type InvoiceTexts, invoiceTexts } from './invoice-texts.ts';

/** `issuedAt` is RFC 3339. */
export type InvoiceInput = { order: Order; invoiceNumber: string; issuedAt: string; company: Company };

export type Field = { label: string; value: string };
export type Party = { heading: string; fields: Field[] };

/** The cells of a line in the order of its columns; the article's name has its specification and number below it. */
export type InvoiceRow = {
  line: string;
  article: { name: string; detail: string };
  quantity: string;
  unitPrice: string;
  discount: string;
  taxRate: string;
  amount: string;
};

type TaxRow = { rate: string; taxable: string; tax: string };

/** Every text on an invoice, in the order's language. Amounts are those stored with the order, only written out. */
export type InvoiceModel = {
  language: Language;
  texts: InvoiceTexts;
  number: string;
  test: boolean;
  fields: Field[];
  seller: Party;
  buyer: Party;
  columns: Record<keyof InvoiceRow, string>;
  rows: InvoiceRow[];
  taxColumns: TaxRow;
  taxes: TaxRow[];
  totals: Field[];
  payable: Field;
  note: string;
};

const filled = (fields: { label: string; value: string | undefined }[]): Field[] =>
  fields.flatMap(({ label, value }) => (value ? [{ label, value }] : []));

const fieldsOf = (
  { order, invoiceNumber, issuedAt, company }: InvoiceInput,
  texts: InvoiceTexts,
): Field[] => {
  const { state, content } = order;
  return filled([
    { label: texts.invoiceNumber, value: invoiceNumber },
    {
      label: texts.issuedAt,
      value: showDay(dayIn(company.timeZone, new Date(issuedAt)), content.language, 'long'),
    },
    { label: texts.orderNumber, value: state.orderNumber },
    { label: texts.reference, value: state.customerOrderReference },
    { label: texts.currency, value: content.currency },
    { label: texts.payment, value: showMethod(content.payment.method, content.language) },
    { label: texts.terms, value: content.payment.terms },
  ]);
};

const sellerOf = (company: Company, texts: InvoiceTexts): Party => ({
  heading: texts.seller,
  fields: filled([
    { label: texts.name, value: company.name },
    { label: texts.taxId, value: company.taxId },
    { label: texts.email, value: company.deskEmail },
  ]),
});

/** The buyer as it asked to be named on invoices, else as it ordered. */
const buyerOf = (
  { buyer, delivery, invoiceRequest, language }: OrderContent,
  texts: InvoiceTexts,
): Party => ({
  heading: texts.buyer,
  fields: filled([
    { label: texts.name, value: invoiceRequest?.title ?? buyer.name },
    { label: texts.taxId, value: invoiceRequest?.taxpayerId },
    { label: texts.requested, value: invoiceRequest && texts.kinds[invoiceRequest.kind] },
    { label: texts.address, value: invoiceRequest?.address },
    { label: texts.telephone, value: invoiceRequest?.telephone ?? buyer.contact.telephone },
    {
      label: texts.bank,
      value: [invoiceRequest?.bankName, invoiceRequest?.bankAccount].filter((part) => part).join(' '),
    },
    { label: texts.deliveredTo, value: showAddress(delivery.address, language) },
  ]),
});

const rowOf = (line: OrderLine, { currency, language }: OrderContent): InvoiceRow => {
  const { discount } = line;
  const reduced = discount?.type === 'PERCENT' ? `${discount.value}%` : discount?.value;
  return {
    line: line.lineId,
    article: {
      name: line.name,
      detail: [line.specification, line.sku ?? line.buyerItemId ?? line.gtin]
        .filter((part) => part)
        .join(' · '),
    },
    quantity: showQuantity(line.quantity, line.unitCode, language),
    unitPrice: showBareUnitPrice(line.unitPrice, currency, language),
    discount: reduced ? `−${reduced}` : '',
    taxRate: showRate(line.taxRate, language),
    amount: showBareAmount(line.lineAmountMinor, currency, language),
  };
};

/** Reasons stand with the sums they make up: "Shipping and other charges (express)". */
const withReasons = (
  label: string,
  { allowanceCharges, language }: OrderContent,
  isCharge: boolean,
): string => {
  const reasons = allowanceCharges.flatMap((item) =>
    item.isCharge === isCharge && item.reason ? [item.reason] : [],
  );
  if (reasons.length === 0) return label;
  return language === 'en' ? `${label} (${reasons.join(', ')})` : `${label}（${reasons.join('、')}）`;
};

const totalsOf = (content: OrderContent, texts: InvoiceTexts): Field[] => {
  const { amounts, currency, language, pricesIncludeTax } = content;
  const show = (minor: MinorAmount) => showBareAmount(minor, currency, language);
  const { allowanceTotal, chargeTotal } = amounts;
  return [
    { label: texts.sumOfLines, value: show(amounts.lineExtensionAmount) },
    ...(allowanceTotal === 0
      ? []
      : [{ label: withReasons(texts.allowances, content, false), value: show(-allowanceTotal) }]),
    ...(chargeTotal === 0
      ? []
      : [{ label: withReasons(texts.charges, content, true), value: show(chargeTotal) }]),
    { label: pricesIncludeTax ? texts.taxIncluded : texts.tax, value: show(amounts.taxAmount) },
  ];
};

/** Writes an invoice out in words and figures. Nothing is computed here. */
export const invoiceModel = (input: InvoiceInput): InvoiceModel => {
  const { content, state } = input.order;
  const { amounts, currency, language, pricesIncludeTax } = content;
  const texts = invoiceTexts[language];
  const inCurrency = (label: string) =>
    language === 'en' ? `${label} (${currency})` : `${label}（${currency}）`;
  return {
    language,
    texts,
    number: input.invoiceNumber,
    test: state.test,
    fields: fieldsOf(input, texts),
    seller: sellerOf(input.company, texts),
    buyer: buyerOf(content, texts),
    columns: { ...texts, amount: inCurrency(texts.amount) },
    rows: content.lines.map((line) => rowOf(line, content)),
    taxColumns: {
      rate: texts.taxRate,
      taxable: pricesIncludeTax ? texts.taxableIncluded : texts.taxable,
      tax: pricesIncludeTax ? texts.taxIncluded : texts.tax,
    },
    taxes: amounts.taxes.map(({ rate, taxableAmount, taxAmount }) => ({
      rate: showRate(rate, language),
      taxable: showBareAmount(taxableAmount, currency, language),
      tax: showBareAmount(taxAmount, currency, language),
    })),
    totals: totalsOf(content, texts),
    payable: { label: texts.payable, value: showAmount(amounts.payableAmount, currency, language) },
    note: pricesIncludeTax ? texts.noteIncluded : texts.noteExcluded,
  };
};
