import { type Currency, currencies } from './currencies.ts';

/** What stands beside amounts for a currency, and the currencies that it can mean. */
const marks: Readonly<Record<string, readonly Currency[]>> = {
  '¥': ['CNY', 'JPY'],
  $: ['USD', 'HKD', 'TWD', 'AUD', 'CAD', 'SGD', 'NZD', 'MXN', 'ARS', 'CLP', 'COP', 'UYU'],
  US$: ['USD'],
  HK$: ['HKD'],
  NT$: ['TWD'],
  A$: ['AUD'],
  AU$: ['AUD'],
  C$: ['CAD'],
  CA$: ['CAD'],
  S$: ['SGD'],
  NZ$: ['NZD'],
  R$: ['BRL'],
  '€': ['EUR'],
  '£': ['GBP', 'EGP'],
  '₩': ['KRW'],
  '₹': ['INR'],
  '₫': ['VND'],
  '₱': ['PHP'],
  '฿': ['THB'],
  RMB: ['CNY'],
  人民币: ['CNY'],
  元: ['CNY', 'HKD', 'TWD'],
  圆: ['CNY', 'HKD', 'TWD'],
  美元: ['USD'],
  美金: ['USD'],
  欧元: ['EUR'],
  英镑: ['GBP'],
  港币: ['HKD'],
  港元: ['HKD'],
  日元: ['JPY'],
  円: ['JPY'],
  韩元: ['KRW'],
  新台币: ['TWD'],
  ...Object.fromEntries(currencies.map((code) => [code, [code]])),
};

const known = new Map(Object.entries(marks));
const alternatives = [...known.keys()]
  .sort((a, b) => b.length - a.length)
  .map((mark) => mark.replaceAll('$', '\\$'))
  .join('|');
const markAtStart = new RegExp(`^(?:${alternatives})`, 'i');
const markAtEnd = new RegExp(`(?:${alternatives})$`, 'i');
const anyMark = new RegExp(`(?<![A-Z])(?:${alternatives})(?![A-Z])`, 'i');

/** An amount without the marks before and after it; `text` is NFKC, so that ￥ is ¥. */
export const withoutMarks = (text: string): { bare: string; marks: string[] } => {
  const [before = ''] = markAtStart.exec(text) ?? [];
  const rest = text.slice(before.length).trim();
  const [after = ''] = markAtEnd.exec(rest) ?? [];
  return {
    bare: rest.slice(0, rest.length - after.length).trim(),
    marks: [before, after].filter((mark) => mark !== ''),
  };
};

/** The first mark within a text, such as a number format. */
export const markWithin = (text: string): string | undefined => anyMark.exec(text.normalize('NFKC'))?.[0];

/** True when a mark can stand for the currency; false for a mark that is none. */
export const isMarkOf = (mark: string, currency: string): boolean =>
  known.get(mark.normalize('NFKC').toUpperCase())?.some((code) => code === currency) ?? false;
