import { expect, test } from 'vitest';
import { historyDifference } from '../../../local/conformance/compare.ts';
import { drive } from '../../../local/conformance/drive.ts';
import type { CaseEvent, RecordedCase } from '../../../local/conformance/recorded-case.ts';
import type { JsonValue } from '../../../local/json.ts';

const aCase = (more: Partial<RecordedCase> & { definition: JsonValue }): RecordedCase => ({
  id: 'case',
  recorded: Date.parse('2026-01-01'),
  features: [],
  input: {},
  lambdas: {},
  stateMachines: {},
  unordered: false,
  events: [],
  ...more,
});

const machine = (states: Record<string, JsonValue>): JsonValue => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0] ?? '',
  States: states,
});

const succeeded = (output: JsonValue): CaseEvent => ({
  id: 6,
  previousEventId: 5,
  type: 'TaskSucceeded',
  taskSucceededEventDetails: { output },
});

test.for([
  { recorded: '2023-11-14', isSame: true },
  { recorded: '2023-11-16', isSame: false },
])('fields that AWS got in November 2023 may be missing from a recording of $recorded: $isSame', (given) => {
  const recorded = aCase({
    definition: {},
    recorded: Date.parse(given.recorded),
    events: [succeeded({ Status: 'SUCCEEDED' })],
  });
  const actual = [succeeded({ Status: 'SUCCEEDED', RedriveCount: 0, RedriveStatus: 'NOT_REDRIVABLE' })];
  expect(historyDifference(recorded, actual) === undefined).toBe(given.isSame);
});

test('a field that has another value differs, however old the recording', () => {
  const recorded = aCase({
    definition: {},
    recorded: Date.parse('2023-01-01'),
    events: [succeeded({ RedriveCount: 1 })],
  });
  expect(historyDifference(recorded, [succeeded({ RedriveCount: 0 })])).toContain('RedriveCount: expected 1');
});

test.for([
  { recorded: '2024-06-19', follows: 5 },
  { recorded: '2024-11-18', follows: 4 },
])('the exit of a distributed Map recorded on $recorded follows event $follows', async (given) => {
  const definition = machine({
    Each: {
      Type: 'Map',
      Items: [1],
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Do',
        States: { Do: { Type: 'Pass', End: true } },
      },
      End: true,
    },
  });
  const actual = await drive(aCase({ definition }));
  const difference = (previousEventId: number) => {
    const events = actual.map((event) =>
      event.type === 'MapStateExited' ? { ...event, previousEventId } : event,
    );
    return historyDifference(aCase({ definition, recorded: Date.parse(given.recorded), events }), actual);
  };
  expect(difference(given.follows)).toBeUndefined();
  expect(difference(given.follows === 5 ? 4 : 5)).toBeDefined();
});

test('what services answered is played again, whatever they are called', async () => {
  const states = {
    Ask: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:wellarchitected:listLenses', End: true },
  };
  const entered: CaseEvent = {
    id: 2,
    previousEventId: 0,
    type: 'TaskStateEntered',
    stateEnteredEventDetails: { name: 'Ask' },
  };
  const started: CaseEvent = { id: 4, previousEventId: 2, type: 'TaskStarted' };
  const answered: CaseEvent = {
    id: 5,
    previousEventId: 4,
    type: 'TaskSucceeded',
    taskSucceededEventDetails: { output: { LensSummaries: [] } },
  };
  const history = await drive(aCase({ definition: machine(states), events: [entered, started, answered] }));
  expect(history.at(-1)).toMatchObject({
    type: 'ExecutionSucceeded',
    executionSucceededEventDetails: { output: { LensSummaries: [] } },
  });
});

test('a machine that a case starts may answer the token of the task that awaits it', async () => {
  const target = 'arn:aws:states:us-east-1:111111111111:stateMachine:target';
  const history = await drive(
    aCase({
      definition: machine({
        Run: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.sync:2',
          Arguments: { StateMachineArn: target, Input: { token: '{% $states.context.Task.Token %}' } },
          End: true,
        },
      }),
      stateMachines: {
        [target]: machine({
          Tell: {
            Type: 'Task',
            Resource: 'arn:aws:states:::aws-sdk:sfn:sendTaskSuccess',
            Arguments: { TaskToken: '{% $states.input.token %}', Output: '"told"' },
            End: true,
          },
        }),
      },
    }),
  );
  expect(history.at(-1)).toMatchObject({ executionSucceededEventDetails: { output: 'told' } });
});

test('of a failed branch the recording keeps neither order nor ids', async () => {
  const definition = machine({
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 9, End: true } } },
        { StartAt: 'Fail', States: { Fail: { Type: 'Fail', Error: 'Stop' } } },
      ],
      Catch: [{ ErrorEquals: ['Stop'], Next: 'Caught' }],
      End: true,
    },
    Caught: { Type: 'Pass', End: true },
  });
  const actual = await drive(aCase({ definition }));
  const first = actual.findIndex(({ type }) => type === 'ParallelStateStarted') + 1;
  const last = actual.findIndex(({ type }) => type === 'ParallelStateFailed');
  const inside = actual.slice(first, last).map((event) => ({ ...event, id: null, previousEventId: null }));
  const events = [...actual.slice(0, first), ...inside.toReversed(), ...actual.slice(last)];
  expect(historyDifference(aCase({ definition, unordered: true, events }), actual)).toBeUndefined();
  const fewer = events.filter(({ type }) => type !== 'WaitStateAborted');
  expect(historyDifference(aCase({ definition, unordered: true, events: fewer }), actual)).toBeDefined();
});
