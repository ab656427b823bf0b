import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  dayOfOrder,
  dayPrefix,
  formatOrderNumber,
  invoiceNumberOf,
  isOrderNumber,
} from '../../../domain/orders/order-number.ts';

const anyDay = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const anySequence = fc.integer({ min: 1, max: 99_999_999 });

test('the number of the contract is valid, and what we write', () => {
  expect(isOrderNumber('SO-20251014-000123-4')).toBe(true);
  expect(formatOrderNumber('2025-10-14', 123)).toBe('SO-20251014-000123-4');
});

test('a number we write is one we read, however many orders a day has', () => {
  fc.assert(
    fc.property(anyDay, anySequence, (day, sequence) => {
      expect(isOrderNumber(formatOrderNumber(day, sequence))).toBe(true);
    }),
  );
});

test('a mistyped digit is caught, unless seven away, which no remainder by seven can see', () => {
  fc.assert(
    fc.property(anyDay, anySequence, fc.nat(), fc.nat(9), (day, sequence, where, digit) => {
      const number = formatOrderNumber(day, sequence);
      const places = [...number].flatMap((character, place) => (/\d/.test(character) ? [place] : []));
      const place = places[where % places.length] ?? 3;
      const typed = number.slice(0, place) + digit + number.slice(place + 1);
      const difference = Math.abs(Number(number[place]) - digit);
      const isCheckDigit = place === number.length - 1;
      expect(isOrderNumber(typed)).toBe(difference === 0 || (difference === 7 && !isCheckDigit));
    }),
    { numRuns: 500 },
  );
});

test.for([
  '',
  'SO-20251014-000123-5',
  'SO-20251014-123-4',
  'SO-20251014-000123',
  'so-20251014-000123-4',
  'SO-20251014-000123-4\n',
  ' SO-20251014-000123-4',
  'SO-20251014-000123-7',
  'SO-20251014-00012٣-4',
])('%j is no order number', (text) => {
  expect(isOrderNumber(text)).toBe(false);
});

test('an invoice number has the day and the sequence', () => {
  expect(invoiceNumberOf(formatOrderNumber('2025-10-14', 7))).toBe('INV-20251014-000007');
});

test('a number tells its day, and sorts after what the numbers of its day begin with', () => {
  fc.assert(
    fc.property(anyDay, anySequence, anyDay, (day, sequence, other) => {
      const number = formatOrderNumber(day, sequence);
      expect(dayOfOrder(number)).toBe(day);
      expect(number > dayPrefix(other) && number < `${dayPrefix(other)}~`).toBe(day === other);
    }),
  );
});
