import { expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { runOnce } from './start-engine.ts';

const sort: Record<string, JsonValue> = {
  Type: 'Choice',
  Choices: [
    {
      Condition: '{% $states.input.total > 100 %}',
      Output: { size: 'large' },
      Assign: { rule: 1 },
      Next: 'End',
    },
    { Condition: '{% $states.input.total > 10 %}', Next: 'End' },
  ],
  Output: { size: 'none' },
  Assign: { rule: 0 },
  Default: 'End',
};
const states: Record<string, JsonValue> = {
  Sort: sort,
  End: {
    Type: 'Pass',
    Output: { in: '{% $states.input %}', rule: '{% $exists($rule) ? $rule : "unset" %}' },
    End: true,
  },
};

test.for([
  { total: 500, expected: { in: { size: 'large' }, rule: 1 } },
  { total: 50, expected: { in: { total: 50 }, rule: 'unset' } },
  { total: 5, expected: { in: { size: 'none' }, rule: 0 } },
])(
  'the first rule that holds is taken with its own Output and Assign: $total',
  async ({ total, expected }) => {
    expect((await runOnce({ states }, { total })).output).toEqual(expected);
  },
);

test('no rule and no Default fails as States.NoChoiceMatched', async () => {
  const { Default: _, ...Sort } = sort;
  expect(await runOnce({ states: { ...states, Sort } }, { total: 1 })).toMatchObject({
    status: 'FAILED',
    error: 'States.NoChoiceMatched',
  });
});

test('a condition that is no boolean fails, naming its rule', async () => {
  const { error, cause } = await runOnce({
    states: {
      Sort: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }] },
      End: { Type: 'Pass', End: true },
    },
  });
  expect(error).toBe('States.QueryEvaluationError');
  expect(cause).toContain(
    "for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean'",
  );
});
