import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { createEvaluator } from '../../../local/states/expression/evaluate.ts';
import { runOnce } from './start-engine.ts';

const nowMs = Date.parse('2026-05-04T03:02:01Z');
const evaluator = createEvaluator(() => nowMs);
const fill = (template: JsonValue, variables: Record<string, JsonValue> = {}, input: JsonValue = {}) =>
  evaluator.fill(template, 'Output', { states: { input }, variables });

const values: { expression: string; expected: JsonValue }[] = [
  { expression: '$partition([1,2,3,4,5], 2)', expected: [[1, 2], [3, 4], [5]] },
  { expression: '$partition([1], 3)', expected: [[1]] },
  { expression: '$range(0, 10, 5)', expected: [0, 5, 10] },
  { expression: '$range(5, 1, -2)', expected: [5, 3, 1] },
  // A sequence of one is its value: lists need brackets round them.
  { expression: '$range(1, 9, 9)', expected: 1 },
  { expression: '[$range(1, 9, 9)]', expected: [1] },
  { expression: '$parse("{\\"a\\":[1]}")', expected: { a: [1] } },
  { expression: '$parse("-0")', expected: -0 },
  { expression: '$hash("rudan", "SHA-256")', expected: createHash('sha256').update('rudan').digest('hex') },
  { expression: '$hash("rudan", "MD5")', expected: createHash('md5').update('rudan').digest('hex') },
  { expression: '$random(7) = $random(7)', expected: true },
  { expression: '$random() < 1', expected: true },
  { expression: '$length($uuid())', expected: 36 },
  { expression: '$uuid() = $uuid()', expected: false },
  { expression: '$now()', expected: '2026-05-04T03:02:01.000Z' },
  { expression: '$now("[Y0001]-[M01]")', expected: '2026-05' },
  { expression: '$millis()', expected: nowMs },
  { expression: '$states.input.lines[price > 2].sku', expected: ['tea', 'mug'] },
];

test.for(values)('$expression gives $expected', async ({ expression, expected }) => {
  const input = {
    lines: [
      { sku: 'tea', price: 3 },
      { sku: 'mug', price: 4 },
      { sku: 'bag', price: 1 },
    ],
  };
  expect(await fill(`{% ${expression} %}`, {}, input)).toEqual(expected);
});

const failures: { expression: string; cause: string }[] = [
  {
    expression: '$missing',
    cause: "'$missing' specified for the field 'Output' returned nothing (undefined).",
  },
  {
    expression: 'function($x){$x}',
    cause: "specified for the field 'Output' returned an unsupported result type.",
  },
  { expression: '{"f": $sum}', cause: 'returned an unsupported result type.' },
  { expression: '1 + "a"', cause: 'threw an error during evaluation. T2002: ' },
  { expression: '$number("x")', cause: 'threw an error during evaluation. D3030: ' },
  { expression: '$parse("{")', cause: 'threw an error during evaluation: ' },
  { expression: '$hash("a", "CRC")', cause: 'The hash function takes one of MD5' },
  { expression: '$partition([1], 0)', cause: 'must be a positive number' },
  { expression: '$eval("1")', cause: 'The eval function is not available' },
];

test.for(failures)('$expression fails, saying: $cause', async ({ expression, cause }) => {
  await expect(fill(`{% ${expression} %}`)).rejects.toMatchObject({
    error: 'States.QueryEvaluationError',
    cause: expect.stringContaining(cause),
  });
});

test('a failure names the place of its expression in the template', async () => {
  const template = { lines: [{ total: 1 }, { total: '{% $missing %}' }] };
  await expect(fill(template)).rejects.toMatchObject({
    cause: expect.stringContaining("for the field 'Output/lines[1]/total'"),
    evaluation: { location: 'Output/lines[1]/total' },
  });
});

describe('whatever JSON a variable holds', () => {
  test('comes back unchanged from a plain template and from an expression', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ depthSize: 'small' }), async (given) => {
        const value: JsonValue = JSON.parse(JSON.stringify(given));
        expect(await fill('{% $given %}', { given: value })).toEqual(value);
        expect(await fill({ nested: ['{% $given %}'] }, { given: value })).toEqual({ nested: [value] });
      }),
    );
  });
});

test('every right-hand side of Assign sees the values from before the state', async () => {
  const { output } = await runOnce({
    states: {
      Begin: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
      Swap: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% $a %}', Next: 'Show' },
      Show: { Type: 'Pass', Output: { a: '{% $a %}', b: '{% $b %}', was: '{% $states.input %}' }, End: true },
    },
  });
  expect(output).toEqual({ a: 2, b: 1, was: 1 });
});
