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
  { expression: '$random(42)', expected: 0.7275636800328681 },
  { expression: '$range(-1.7, 2, 1)', expected: [-1, 0, 1, 2] },
  { expression: '$count($range(1, 360145, 1))', expected: 360_145 },
  { expression: '$partition([1, 2, 3], 2.9)', expected: [[1, 2], [3]] },
  { expression: '[1 / 0, -1 / 0, {"n": 0 / 0}]', expected: ['Infinity', '-Infinity', { n: 'NaN' }] },
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
  { expression: '$partition([1], -1)', cause: 'must be a positive number' },
  { expression: '$partition([1], 0)', cause: 'returned nothing (undefined).' },
  { expression: '$partition([], 2)', cause: 'returned nothing (undefined).' },
  { expression: '$range(1, 5)', cause: 'returned nothing (undefined).' },
  { expression: '$range(1, 5, -1)', cause: 'returned nothing (undefined).' },
  { expression: '$range(1, 360146, 1)', cause: 'evaluation: Expression evaluation memory limit exceeded' },
  { expression: '$eval("1")', cause: 'evaluation. T1006: Attempted to invoke a non-function' },
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

/** As many of the text as that, joined. */
const many = (count: number, text: string, joint: string) =>
  Array.from({ length: count }, () => text).join(joint);
const counting = 'function($n) { $n > 0 ? $f($n - 1) + 1 : 0 }';
const doubling = 'function($s, $n) { $n = 0 ? $s : $p($s & $s, $n - 1) }';

// Each of these was found on AWS to be the last that is accepted, or the first that is refused.
describe('an expression may use so much and no more', () => {
  test.for([
    { name: '100 levels of a sum', expression: many(100, '1', '+') },
    { name: '99 parentheses', expression: `${many(99, '(', '')}1${many(99, ')', '')}` },
    { name: '31 calls of itself', expression: `($f := ${counting}; $f(31))` },
    { name: 'a list of 873,782 numbers', expression: '[1..873782] ~> $count()' },
    { name: 'a text of 4 MiB', expression: `($p := ${doubling}; $length($p("x", 22)))` },
    {
      name: 'an object of any width',
      expression: `$count($keys({${many(300, '$uuid(): $string(1)', ',')}}))`,
    },
  ])('$name is accepted', async ({ expression }) => {
    await expect(fill(`{% ${expression} %}`)).resolves.toEqual(expect.any(Number));
  });

  const deep = 'Stack overflow error: Check for non-terminating recursive function.';
  const large = 'Expression evaluation memory limit exceeded: Check for excessive memory usage';
  test.for([
    { name: '101 levels of a sum', expression: many(101, '1', '+'), cause: deep },
    { name: '100 parentheses', expression: `${many(100, '(', '')}1${many(100, ')', '')}`, cause: deep },
    { name: '32 calls of itself', expression: `($f := ${counting}; $f(32))`, cause: deep },
    { name: 'calls without end', expression: '($f := function($n) { 1 + $f($n) }; $f(1))', cause: deep },
    { name: 'a list of 873,783 numbers', expression: '[1..873783] ~> $count()', cause: large },
    { name: 'a text of 8 MiB', expression: `($p := ${doubling}; $length($p("x", 23)))`, cause: large },
  ])('$name is refused', async ({ expression, cause }) => {
    await expect(fill(`{% ${expression} %}`)).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(`threw an error during evaluation: ${cause}`),
    });
  });

  test('an endless loop ends, and others go on meanwhile', { timeout: 60_000 }, async () => {
    const endless = fill('{% ($f := function($x) { $f($x + 1) }; $f(1)) %}').catch((error: unknown) => error);
    const first = await Promise.race([endless, fill('{% 6 * 7 %}')]);
    expect(first).toBe(42);
    expect(await endless).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('Expression evaluation timeout: Check for infinite loop'),
    });
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

test('time stands still during one evaluation, and goes on between two', async () => {
  let ms = nowMs;
  const ticking = createEvaluator(() => ms++);
  const read = () =>
    ticking.fill('{% [$millis(), $millis(), $toMillis($now())] %}', 'Output', { states: {}, variables: {} });
  expect([await read(), await read()]).toEqual([
    [nowMs, nowMs, nowMs],
    [nowMs + 1, nowMs + 1, nowMs + 1],
  ]);
});

test('a field may have any name', async () => {
  const given: JsonValue = JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2, "": 3 }');
  expect(JSON.stringify(await fill('{% $given %}', { given }))).toBe(JSON.stringify(given));
  expect(JSON.stringify(await fill(given))).toBe(JSON.stringify(given));
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

test('the times of the context have a fraction of a second only where there is one', async () => {
  const { output } = await runOnce({
    states: {
      Hold: { Type: 'Pass', Output: '{% $states.context.Execution.StartTime %}', Next: 'Show' },
      Show: { Type: 'Pass', Output: '{% [$states.input, $states.context.State.EnteredTime] %}', End: true },
    },
  });
  expect(output).toEqual(['2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z']);
});
