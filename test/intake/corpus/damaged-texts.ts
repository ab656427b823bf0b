import type { CellDamage } from './damaged-file.ts';
import { misreadAsWestern } from './encodings.ts';
import { withLine, withOrder } from './prepare.ts';

const both = ['csv', 'xlsx'] as const;
const withRemarks = withLine({ remarks: '请轻放' });
const withName = withLine({ name: '保温杯' });

const formula = (name: string, text: string): CellDamage => ({
  name,
  formats: both,
  column: 'remarks',
  prepare: withRemarks,
  cell: text,
  findings: ['WARNING FORMULA_TEXT'],
});

const invisible = (
  name: string,
  spoil: (meant: string) => string,
  column: CellDamage['column'],
): CellDamage => ({
  name,
  formats: both,
  column,
  prepare: withOrder({ customerName: '示例咖啡馆' }),
  cell: spoil,
  findings: ['WARNING INVISIBLE_CHARACTERS'],
  readsAsMeant: true,
});

const within = (character: string) => (meant: string) => meant.slice(0, 2) + character + meant.slice(2);

/** Texts that run, that hide something, or that were decoded wrongly before they were sent. */
export const damagedTexts: readonly CellDamage[] = [
  formula('a formula', '=1+1'),
  formula('a formula that calls', '=HYPERLINK("http://example.com","订单")'),
  formula('a formula of old', '@SUM(1+1)'),
  formula('a command behind a minus', "-2+3+cmd|' /C calc'!A0"),
  formula('a sum behind a plus', '+SUM(A1:A9)'),
  formula('a cell behind a plus', '+A1'),
  formula('a formula behind a tab', '\t=1+1'),
  formula('a formula in full width', '＝1+1'),
  formula('a formula that was made harmless', "'=1+1"),
  {
    ...formula('a formula for a name', '=A1'),
    column: 'customerName',
    prepare: withOrder({ customerName: '示例咖啡馆' }),
  },
  {
    ...formula('a formula for an article code', '@A1'),
    column: 'sku',
    prepare: withLine({ item: { sku: 'CUP-350-BL' } }),
  },
  {
    name: 'a formula for an order reference',
    formats: both,
    column: 'orderReference',
    prepare: (order) => ({ ...order, lines: order.lines.slice(0, 1) }),
    cell: '=A1',
    findings: ['WARNING FORMULA_TEXT', 'ERROR FORMAT_INVALID'],
  },
  invisible('a space of no width in a reference', within('\u200b'), 'orderReference'),
  invisible('a byte order mark in the middle of a file', (meant) => `\ufeff${meant}`, 'customerName'),
  invisible('a right-to-left override', (meant) => `\u202e${meant}\u202c`, 'customerName'),
  invisible('a soft hyphen', within('\u00ad'), 'contactEmail'),
  invisible('a joiner in a code', within('\u200d'), 'contactEmail'),
  invisible('a word joiner in an amount', (meant) => `${meant}\u2060`, 'unitPrice'),
  invisible('a mark of direction in a date', (meant) => `\u200e${meant}`, 'requestedDate'),
  {
    name: 'a character that controls something',
    formats: ['csv'],
    column: 'itemName',
    prepare: withName,
    cell: '保温\u0007杯',
    findings: ['ERROR FORMAT_INVALID'],
  },
  {
    name: 'two codes in one cell',
    formats: both,
    column: 'sku',
    prepare: withLine({ item: { sku: 'CUP-350-BL' } }),
    cell: 'CUP-350-BL\nMUG-300-WH',
    findings: ['ERROR FORMAT_INVALID'],
  },
  {
    name: 'a name longer than names can be',
    formats: both,
    column: 'itemName',
    prepare: withName,
    cell: '杯'.repeat(201),
    findings: ['ERROR TOO_LONG'],
  },
  {
    name: 'a character that was lost in another program',
    formats: both,
    column: 'customerName',
    cell: '示例\ufffd\ufffd馆',
    findings: ['ERROR ENCODING_UNREADABLE'],
  },
  {
    name: 'what becomes of lost characters in a Chinese program',
    formats: both,
    column: 'itemName',
    prepare: withName,
    cell: '锟斤拷锟斤拷',
    findings: ['ERROR ENCODING_UNREADABLE'],
  },
  {
    name: 'Chinese that a western program has read',
    formats: both,
    column: 'customerName',
    prepare: withOrder({ customerName: '示例咖啡馆' }),
    cell: misreadAsWestern,
    findings: ['ERROR ENCODING_UNREADABLE'],
    suggestion: '示例咖啡馆',
  },
  {
    name: 'an accent that a western program has read',
    formats: both,
    column: 'contactName',
    prepare: withOrder({ contactName: 'Zoë Example' }),
    cell: misreadAsWestern,
    findings: ['ERROR ENCODING_UNREADABLE'],
    suggestion: 'Zoë Example',
  },
  {
    name: 'a word that no choice has',
    formats: both,
    column: 'paymentMethod',
    cell: 'ALIPAI',
    findings: ['ERROR ENUM_UNKNOWN'],
    suggestion: 'ALIPAY',
  },
  {
    name: 'a unit that is not known',
    formats: both,
    column: 'unit',
    cell: '斤',
    findings: ['ERROR ENUM_UNKNOWN'],
  },
];
