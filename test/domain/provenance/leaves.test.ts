import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leavesOf, tokensOf } from '../../../domain/provenance/leaves.ts';
import { valueAt } from '../../../domain/submissions/schema-problems.ts';

test.for([
  ['a number as it was sent', '{"quantity": 24.00}', '#/quantity', '24.00'],
  ['a number with an exponent', '{"quantity":2.4e1}', '#/quantity', '2.4e1'],
  ['a string with its quotes', '{"name":"caf\\u00e9"}', '#/name', '"caf\\u00e9"'],
  ['a value in an array', '[[true]]', '#/0/0', 'true'],
  ['nothing, as it is written', '{"a":null}', '#/a', 'null'],
  ['a name that a pointer has to escape', '{"a/b~c":1}', '#/a~1b~0c', '1'],
  ['an array without values', '{"lines":[]}', '#/lines', '[]'],
  ['of a name that comes twice, the one that counts', '{"a":1.0,"a":2.0}', '#/a', '2.0'],
  ['a body that is no object', '7.50', '#', '7.50'],
] as const)('the text of %s', ([, text, pointer, raw]) => {
  expect(tokensOf(text).get(pointer)).toBe(raw);
});

const path = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));

test('every leaf of any document has its own text, which reads as its value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const parsed: unknown = JSON.parse(text);
      const tokens = tokensOf(text);
      expect([...tokens.keys()]).toEqual(leavesOf(parsed).map(({ field }) => field));
      for (const [field, raw] of tokens) expect(JSON.parse(raw)).toEqual(valueAt(parsed, path(field)));
    }),
    { seed: 20_251_014 },
  );
});

test('what is undefined is no leaf', () => {
  expect(leavesOf({ a: undefined, b: { c: undefined }, d: 1 })).toEqual([
    { field: '#/b', value: { c: undefined } },
    { field: '#/d', value: 1 },
  ]);
});
