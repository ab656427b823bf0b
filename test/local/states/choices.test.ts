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

test('no rule and no Default ends the execution, whatever Catch there is around', async () => {
  const { Default: _, ...Sort } = sort;
  const { engine, executionArn, status, error, cause } = await runOnce(
    {
      states: {
        Both: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'Sort', States: { ...states, Sort } }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', End: true },
      },
    },
    { total: 1 },
  );
  expect({ status, error, cause }).toEqual({
    status: 'FAILED',
    error: 'States.Runtime',
    cause:
      "An error occurred while executing the state 'Sort' (entered at the event id #4). " +
      'Failed to transition out of the state. The state does not point to a next state.',
  });
  expect((await engine.history(executionArn)).slice(-2)).toMatchObject([
    { type: 'ChoiceStateEntered', previousEventId: 3 },
    { type: 'ExecutionFailed', previousEventId: 3 },
  ]);
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
