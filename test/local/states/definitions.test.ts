import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { loadMachine } from '../../../local/states/definition/load-machine.ts';
import { definitionOf, runOnce, startEngine } from './start-engine.ts';

const pass = { Type: 'Pass', End: true };
const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
const inside = (state: JsonValue) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'In', States: { In: state } },
  End: true,
});

const reader = { Resource: 'arn:aws:states:::s3:getObject', Arguments: { Bucket: 'b', Key: 'k' } };
const distributed = (
  more: Record<string, JsonValue>,
  config: Record<string, JsonValue> = {},
  state: JsonValue = pass,
): Record<string, JsonValue> => ({
  Type: 'Map',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD', ...config },
    StartAt: 'In',
    States: { In: state },
  },
  End: true,
  ...more,
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
    name: 'a distributed Map that does not say what its executions are',
    states: { A: distributed({}, { ExecutionType: null }) },
    message: '/States/A/ItemProcessor/ProcessorConfig/ExecutionType',
  },
  {
    name: 'a field of a distributed Map on an inline one',
    states: { A: { ...inside(pass), ItemBatcher: { MaxItemsPerBatch: 2 } } },
    message: '/States/A/ItemBatcher: only a distributed Map has it',
  },
  {
    name: 'a reader of a format that is not read',
    states: { A: distributed({ ItemReader: { ...reader, ReaderConfig: { InputType: 'PARQUET' } } }) },
    message: '/States/A/ItemReader/ReaderConfig/InputType: Invalid option',
  },
  {
    name: 'a reader that does not say what it reads',
    states: { A: distributed({ ItemReader: reader }) },
    message: '/States/A/ItemReader/ReaderConfig/InputType: is missing',
  },
  {
    name: 'a reader of CSV that does not say where its headers are',
    states: { A: distributed({ ItemReader: { ...reader, ReaderConfig: { InputType: 'CSV' } } }) },
    message: '/States/A/ItemReader/ReaderConfig/CSVHeaderLocation: goes with the InputType CSV',
  },
  {
    name: 'both Items and a reader',
    states: {
      A: distributed({ Items: [], ItemReader: { ...reader, ReaderConfig: { InputType: 'JSON' } } }),
    },
    message: '/States/A: needs either Items or ItemReader',
  },
  {
    name: 'a batcher without a limit',
    states: { A: distributed({ ItemBatcher: {} }) },
    message: '/States/A/ItemBatcher: needs MaxItemsPerBatch or MaxInputBytesPerBatch',
  },
  {
    name: 'a writer that does not know where to',
    states: { A: distributed({ ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' } }) },
    message: '/States/A/ResultWriter: needs both Resource and Arguments, or neither',
  },
  {
    name: 'a label with a colon',
    states: { A: distributed({ Label: 'a:b' }) },
    message: '/States/A/Label: holds a character that a label cannot have',
  },
  {
    name: 'a label that two Maps have',
    states: {
      A: { ...distributed({ Label: 'x' }), End: false, Next: 'B' },
      B: distributed({ Label: 'x' }),
    },
    message: '/States/B/Label: another Map has it too',
  },
  {
    name: 'an EXPRESS execution that is to wait for a token',
    states: {
      A: distributed(
        {},
        { ExecutionType: 'EXPRESS' },
        { ...task, Resource: `${task.Resource}.waitForTaskToken` },
      ),
    },
    message:
      "/States/A/ItemProcessor/States/In/Resource: an EXPRESS execution cannot wait for 'invoke.waitForTaskToken'",
  },
  {
    name: 'a QueryLanguage on an item processor',
    states: {
      A: {
        Type: 'Map',
        ItemProcessor: { QueryLanguage: 'JSONata', StartAt: 'In', States: { In: pass } },
        End: true,
      },
    },
    message: '/States/A/ItemProcessor/QueryLanguage: unknown or not supported',
  },
  {
    name: 'a state that nothing leads to',
    states: { A: pass, B: pass },
    message: '/States/B: no state leads to it',
  },
  {
    name: 'a machine that cannot end',
    states: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } },
    message: ': no state of it is the last',
  },
  {
    name: 'a time limit on a Map',
    states: { A: { ...inside(pass), TimeoutSeconds: 5 } },
    message: '/States/A/TimeoutSeconds: unknown or not supported',
  },
  {
    name: 'a Catch on a Pass',
    states: { A: { ...pass, Catch: [] } },
    message: '/States/A/Catch: unknown or not supported',
  },
  {
    name: 'a bare name, as there is no context to look it up in',
    states: { A: { ...pass, Output: { phone: '{% $map($states.input.a, function($x) { phone }) %}' } } },
    message: "/States/A/Output/phone: Reference to 'phone' at the top level is not supported.",
  },
  {
    name: 'the context itself, as there is none',
    states: { A: { ...pass, Output: '{% $string($) %}' } },
    message: "/States/A/Output: Reference to '$' at the top level is not supported.",
  },
  {
    name: 'a result where there is none',
    states: { A: { ...pass, Output: { seen: '{% $exists($states.result) %}' } } },
    message: "/States/A/Output/seen: Reference to '$states.result' is not supported.",
  },
  {
    name: 'a result before there is one',
    states: { A: { ...task, Arguments: '{% $states.result.Payload %}' } },
    message: "/States/A/Arguments: Reference to '$states.result' is not supported.",
  },
  {
    name: 'a result in a Catch',
    states: {
      A: {
        ...task,
        Catch: [{ ErrorEquals: ['X'], Assign: { seen: '{% $states.result %}' }, Next: 'B' }],
      },
      B: pass,
    },
    message: "/States/A/Catch[0]/Assign/seen: Reference to '$states.result' is not supported.",
  },
  {
    name: 'a variable named as the reserved one',
    states: { A: { ...pass, Assign: { states: 1 } } },
    message: '/States/A/Assign/states: states is reserved',
  },
  ...['a-b', '1st', '_a', 'a.b', 'a'.repeat(81)].map((name) => ({
    name: `a variable named ${name}`,
    states: { A: { ...pass, Assign: { [name]: 1 } } },
    message: `/States/A/Assign/${name}: not a variable name`,
  })),
  {
    name: 'a name that a state inside has too',
    states: { A: inside(pass), In: pass },
    message: '/States/A/ItemProcessor/States/In: another state has that name too',
  },
  {
    name: 'a heartbeat that comes no sooner than the end',
    states: { A: { ...task, TimeoutSeconds: 60, HeartbeatSeconds: 60 } },
    message: '/States/A/HeartbeatSeconds: must be smaller than TimeoutSeconds',
  },
  {
    name: 'a time that is none',
    states: { A: { Type: 'Wait', Timestamp: '2026-03-01 10:00', End: true } },
    message: "/States/A/Timestamp: '2026-03-01 10:00' is no RFC 3339 timestamp",
  },
  {
    name: 'the root of the context',
    states: { A: { ...pass, Output: '{% $$.input %}' } },
    message: "/States/A/Output: Reference to '$$' is not supported.",
  },
  {
    name: 'an error where none can be',
    states: { A: { ...pass, Output: '{% $states.errorOutput.Error %}' } },
    message: "/States/A/Output: Reference to '$states.errorOutput' is not supported.",
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

test('a state that says JSONata for itself needs no word of it at the top', () => {
  const jsonata = { ...pass, QueryLanguage: 'JSONata' };
  const load = (inner: JsonValue) => () =>
    loadMachine(
      'm',
      definitionOf({ A: { ...inside(inner), QueryLanguage: 'JSONata' } }, { QueryLanguage: 'JSONPath' }),
    );
  expect(load(jsonata)).not.toThrow();
  expect(load(pass)).toThrow(
    '/States/A/ItemProcessor/States/In/QueryLanguage: only "QueryLanguage": "JSONata" is supported',
  );
});

test('comments may say anything, wherever they stand', () => {
  const Comment = '{% is how an expression begins';
  const definition = definitionOf(
    {
      A: { Type: 'Choice', Comment, Choices: [{ Comment, Condition: true, Next: 'B' }] },
      B: {
        ...task,
        Comment,
        Retry: [{ Comment, ErrorEquals: ['X'] }],
        Catch: [{ Comment, ErrorEquals: ['X'], Next: 'C' }],
      },
      C: { ...pass, Comment, Output: { Comment: 'plain' } },
    },
    { Comment },
  );
  expect(() => loadMachine('m', definition)).not.toThrow();
});

test('a variable may be named in any script', async () => {
  const { output } = await runOnce({
    states: {
      A: { Type: 'Pass', Assign: { größe: 1, 数量: '{% 2 %}' }, Next: 'B' },
      B: { ...pass, Output: '{% $größe + $数量 %}' },
    },
  });
  expect(output).toBe(3);
});

test('names inside later steps, predicates, orders, groups and transforms are those of the items', () => {
  const expressions = [
    '$states.input.lines[price > 3].sku',
    '$states.input.lines^(>price).(name & sku)',
    '$states.input.lines{sku: $sum(price)}',
    '$states.input ~> |lines|{"total": price * qty}|',
    '$states.input.lines.$map(parts, function($p) { $p.sku })',
    '($a := $states.input; $a.b)',
    '$states.input.lines[$.price > 3].($ ~> $lookup("sku"))',
    '"$states.result" & $states.input.result',
  ];
  const definition = definitionOf({ A: { ...pass, Output: expressions.map((text) => `{% ${text} %}`) } });
  expect(() => loadMachine('m', definition)).not.toThrow();
});

test("an error may be named in a Catch, a result where it is the state's", () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'B' }];
  const results = { Output: '{% $states.result.Payload %}', Assign: { all: '{% $states.result %}' } };
  const definition = definitionOf({ A: { ...task, ...results, Catch }, B: pass });
  expect(() => loadMachine('m', definition)).not.toThrow();
});

test('a variable of a distributed Map may have the name of one outside, which it does not see', () => {
  const definition = definitionOf({
    A: { Type: 'Pass', Assign: { total: 1 }, Next: 'B' },
    B: distributed({}, {}, { ...pass, Assign: { total: 2 } }),
  });
  expect(() => loadMachine('m', definition)).not.toThrow();
});

test('every fault is named at once', () => {
  const definition = definitionOf({ A: { ...pass, InputPath: '$' }, B: { ...pass, OutputPath: '$' } });
  expect(() => loadMachine('m', definition)).toThrow(/InputPath.*OutputPath/s);
});

describe('a state whose service', () => {
  test('nobody serves is refused at load', async () => {
    const states = { A: { ...task, Resource: 'arn:aws:states:::glue:startJobRun' } };
    await expect(startEngine({ states })).rejects.toThrow(
      "'arn:aws:states:::glue:startJobRun', which is not served",
    );
  });

  test.for<{ name: string; field: Record<string, JsonValue>; call: string }>([
    {
      name: 'reads',
      field: { ItemReader: { ...reader, ReaderConfig: { InputType: 'JSON' } } },
      call: 'getObject',
    },
    {
      name: 'writes',
      field: { ResultWriter: { ...reader, Resource: 'arn:aws:states:::s3:putObject' } },
      call: 'putObject',
    },
  ])('$name S3 is refused at load where S3 is not served', async ({ field, call }) => {
    await expect(startEngine({ states: { A: distributed(field) } })).rejects.toThrow(
      `order: /States/A: needs 'arn:aws:states:::aws-sdk:s3:${call}', which is not served`,
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
