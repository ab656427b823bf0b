import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { loadMachine } from '../../../local/states/definition/load-machine.ts';
import { definitionOf, startEngine } from './start-engine.ts';

const pass = { Type: 'Pass', End: true };
const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
const inside = (state: JsonValue) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'In', States: { In: state } },
  End: true,
});

const refused: { name: string; states: Record<string, JsonValue>; message: string }[] = [
  {
    name: 'a JSONPath field',
    states: { A: { ...pass, ResultPath: '$.x' } },
    message: '/States/A/ResultPath: a JSONPath field',
  },
  {
    name: 'a JSONPath state',
    states: { A: { ...pass, QueryLanguage: 'JSONPath' } },
    message: '/States/A/QueryLanguage: only "QueryLanguage": "JSONata"',
  },
  {
    name: 'a JSONPath field inside a Map',
    states: { A: inside({ ...task, Parameters: {} }) },
    message: '/States/A/ItemProcessor/States/In/Parameters: a JSONPath field',
  },
  {
    name: 'a JSONPath Choice rule',
    states: { A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsNull: true, Next: 'A' }] } },
    message: '/States/A/Choices/0/Variable: a JSONPath field',
  },
  {
    name: 'an unknown field',
    states: { A: { ...pass, Nxt: 'B' } },
    message: '/States/A/Nxt: unknown or not supported',
  },
  { name: 'an unknown type', states: { A: { Type: 'Loop' } }, message: '/States/A/Type' },
  {
    name: 'a missing target',
    states: { A: { Type: 'Pass', Next: 'B' } },
    message: "/States/A/Next: there is no state 'B'",
  },
  {
    name: 'a missing Catch target',
    states: { A: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] } },
    message: "/States/A/Catch/0/Next: there is no state 'B'",
  },
  {
    name: 'neither Next nor End',
    states: { A: { Type: 'Pass' } },
    message: '/States/A: needs either Next or End',
  },
  {
    name: 'both Seconds and Timestamp',
    states: { A: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } },
    message: '/States/A: needs either Seconds or Timestamp',
  },
  {
    name: 'an expression that cannot be parsed',
    states: { A: { ...pass, Output: { total: ['{% 1 + %}'] } } },
    message: '/States/A/Output/total[0]: Unexpected end of expression',
  },
  {
    name: 'an expression that is not closed',
    states: { A: { ...pass, Output: '{% 1' } },
    message: '/States/A/Output: {% and %} must enclose the whole text',
  },
  {
    name: 'a distributed Map',
    states: {
      A: {
        Type: 'Map',
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'In', States: { In: pass } },
        End: true,
      },
    },
    message: '/States/A/ItemProcessor/ProcessorConfig/Mode: only an INLINE Map is supported',
  },
  {
    name: 'States.ALL that is not last',
    states: {
      A: { ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['Busy'] }] },
    },
    message: '/States/A/Retry/0: States.ALL must stand alone and in the last place',
  },
  {
    name: 'an inner variable with the name of an outer one',
    states: {
      A: { Type: 'Pass', Assign: { total: 1 }, Next: 'B' },
      B: inside({ ...pass, Assign: { total: 2 } }),
    },
    message: '/States/B/ItemProcessor/States/In/Assign/total: there is a variable of that name outside',
  },
  {
    name: 'a resource that is none',
    states: { A: { ...task, Resource: 'lambda' } },
    message: "/States/A/Resource: 'lambda' is no function or service integration",
  },
];

test.for(refused)('$name is refused with its path', ({ states, message }) => {
  expect(() => loadMachine('m', definitionOf(states))).toThrow(message);
});

test('a file that does not say JSONata at its top is refused', () => {
  const definition = JSON.stringify({ StartAt: 'A', States: { A: pass } });
  expect(() => loadMachine('m', definition)).toThrow('/QueryLanguage: only "QueryLanguage": "JSONata"');
});

test('every fault is named at once', () => {
  const definition = definitionOf({ A: { ...pass, InputPath: '$' }, B: { ...pass, OutputPath: '$' } });
  expect(() => loadMachine('m', definition)).toThrow(/InputPath.*OutputPath/s);
});

describe('a Task whose service', () => {
  test('nobody serves is refused at load', async () => {
    const states = { A: { ...task, Resource: 'arn:aws:states:::glue:startJobRun' } };
    await expect(startEngine({ states })).rejects.toThrow(
      "'arn:aws:states:::glue:startJobRun', which is not served",
    );
  });

  test('is served, but not by the pattern .sync, is refused at load', async () => {
    const key = 'arn:aws:states:::batch:submitJob';
    const states = { A: { ...task, Resource: `${key}.sync` } };
    await expect(startEngine({ states, integrations: { [key]: async () => null } })).rejects.toThrow(
      'not served',
    );
  });
});
