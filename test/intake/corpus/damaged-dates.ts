import type { CellDamage } from './damaged-file.ts';
import { withOrder } from './prepare.ts';
import { serialOf } from './write-workbook.ts';

const both = ['csv', 'xlsx'] as const;
const meant = withOrder({ requestedDate: '2025-11-20', orderDate: '2025-10-10' });

const delivery = (
  name: string,
  cell: CellDamage['cell'],
  finding: string,
  suggestion?: string,
  formats: CellDamage['formats'] = both,
): CellDamage => ({
  name,
  formats,
  column: 'requestedDate',
  prepare: meant,
  cell,
  findings: [finding],
  ...(suggestion !== undefined && { suggestion }),
});

/** Dates that can be read in two ways, lost their type, or were counted in the other system. */
export const damagedDates: readonly CellDamage[] = [
  delivery('day or month first', '03/04/2026', 'ERROR DATE_AMBIGUOUS'),
  delivery('day or month first with dots', '03.04.2026', 'ERROR DATE_AMBIGUOUS'),
  delivery('a year of two digits', '25/11/20', 'ERROR DATE_AMBIGUOUS'),
  delivery('a year of two digits in Chinese', '25年11月20日', 'ERROR DATE_AMBIGUOUS'),
  delivery('a year of two digits at the end', '20-11-25', 'ERROR DATE_AMBIGUOUS'),
  delivery('no year', '11月20日', 'ERROR FORMAT_INVALID'),
  delivery('a day that does not exist', '2025-11-31', 'ERROR FORMAT_INVALID'),
  delivery('a word', '尽快', 'ERROR FORMAT_INVALID'),
  delivery('a serial number as text', '45981', 'ERROR TYPE_INVALID', '2025-11-20'),
  delivery('a serial number', { number: '45981' }, 'ERROR TYPE_INVALID', '2025-11-20', ['xlsx']),
  delivery('a serial number with a time', { number: '45981.5' }, 'ERROR TYPE_INVALID', '2025-11-20', [
    'xlsx',
  ]),
  delivery(
    'the day that the 1900 system invented',
    { number: '60', format: 'yyyy/m/d' },
    'ERROR TYPE_INVALID',
    undefined,
    ['xlsx'],
  ),
  delivery('a day of 1900', { number: '59', format: 'yyyy/m/d' }, 'ERROR DATE_PAST', undefined, ['xlsx']),
  delivery(
    'a day of the 1904 system read by the other',
    { number: serialOf('2025-11-20', true), format: 'yyyy/m/d' },
    'ERROR DATE_PAST',
    '2025-11-20',
    ['xlsx'],
  ),
  delivery(
    'a day of the 1900 system read by the other',
    { date: '2029-11-21' },
    'ERROR DATE_TOO_FAR',
    '2025-11-20',
    ['xlsx'],
  ),
  delivery(
    'a month without its day',
    { date: '2025-11-01', format: 'mmm\\-yy' },
    'ERROR DATE_AMBIGUOUS',
    undefined,
    ['xlsx'],
  ),
  delivery('a moment that is another day here', '2025-11-19T16:00:00.000Z', 'ERROR DATE_AMBIGUOUS'),
  delivery('a day that has passed', '2025-10-01', 'ERROR DATE_PAST'),
  delivery('a year that was mistyped', '2052-11-20', 'ERROR DATE_TOO_FAR'),
  delivery('two dates', '2025-11-20/2025-11-21', 'ERROR FORMAT_INVALID'),
  {
    name: 'a serial number of the 1904 system',
    formats: ['xlsx'],
    column: 'requestedDate',
    prepare: meant,
    cell: { number: serialOf('2025-11-20', true) },
    book: { date1904: true },
    findings: ['ERROR TYPE_INVALID'],
    suggestion: '2025-11-20',
  },
  {
    name: 'an order date by the other system',
    formats: ['xlsx'],
    column: 'orderDate',
    prepare: meant,
    cell: { number: serialOf('2025-10-10', true), format: 'yyyy/m/d' },
    findings: ['WARNING DATE_UNLIKELY'],
    suggestion: '2025-10-10',
  },
  {
    name: 'an order date of another century',
    formats: both,
    column: 'orderDate',
    prepare: meant,
    cell: '1925-10-10',
    findings: ['WARNING DATE_UNLIKELY'],
  },
  {
    name: 'an order date in the future',
    formats: both,
    column: 'orderDate',
    prepare: meant,
    cell: '2025-12-10',
    findings: ['ERROR DATE_TOO_FAR'],
  },
];
