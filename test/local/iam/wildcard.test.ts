import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequestKeys } from '../../../local/iam/request-keys.ts';
import { compilePattern, compileText, matches, variablesIn } from '../../../local/iam/wildcard.ts';

const keysOf =
  (values: Record<string, string[]>): RequestKeys =>
  (key) =>
    values[key];

const variable = (key: string) => `\${${key}}`;

const isMatch = (pattern: string, text: string, values: Record<string, string[]> = {}) => {
  const filled = compilePattern(pattern)(keysOf(values));
  return filled !== undefined && matches(filled, text);
};

test.for([
  { pattern: '*', text: '', expected: true },
  { pattern: 'orders/*', text: 'orders/', expected: true },
  { pattern: 'orders/*', text: 'orders/a/b', expected: true },
  { pattern: 'orders/*', text: 'order/a', expected: false },
  { pattern: '*/a', text: 'a/a/a', expected: true },
  { pattern: 'a?c', text: 'abc', expected: true },
  { pattern: 'a?c', text: 'ac', expected: false },
  { pattern: 'a.c', text: 'abc', expected: false },
  { pattern: 'a', text: 'a\n', expected: false },
  { pattern: '*b', text: 'a\nb', expected: true },
  { pattern: variable('*'), text: '*', expected: true },
  { pattern: variable('*'), text: 'x', expected: false },
  { pattern: `a${variable('$')}b`, text: 'a$b', expected: true },
])('"$pattern" against "$text" is $expected', ({ pattern, text, expected }) => {
  expect(isMatch(pattern, text)).toBe(expected);
});

test('a pattern matches as a regular expression of the same meaning', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (wanted, given) => {
      const source = wanted.replaceAll('.', '\\.').replaceAll('*', '[^]*').replaceAll('?', '[^]');
      expect(isMatch(wanted, given)).toBe(new RegExp(`^${source}$`).test(given));
    }),
  );
});

test('a variable stands for its value, whose own stars are letters', () => {
  const pattern = `users/${variable('aws:userid')}/*`;
  expect(isMatch(pattern, 'users/anna/x', { 'aws:userid': ['anna'] })).toBe(true);
  expect(isMatch(pattern, 'users/anna/x', { 'aws:userid': ['*'] })).toBe(false);
});

test.for<{ name: string; values: Record<string, string[]> }>([
  { name: 'missing', values: {} },
  { name: 'of several values', values: { 'aws:userid': ['anna', 'ben'] } },
])('a $name variable matches nothing unless it has a default', ({ values }) => {
  expect(isMatch(`${variable('aws:userid')}*`, 'anna', values)).toBe(false);
  expect(isMatch(variable("aws:userid, 'anna'"), 'anna', values)).toBe(true);
});

test('a text without wildcards takes stars as they are', () => {
  expect(compileText('a*')(keysOf({}))).toBe('a*');
});

test('the variables of a text are named, literals are not', () => {
  expect(variablesIn(`a/${variable('aws:userid')}/${variable('*')}/${variable("s3:prefix, 'x'")}`)).toEqual([
    'aws:userid',
    's3:prefix',
  ]);
});
