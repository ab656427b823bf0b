import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

const retrier = z.object({ ErrorEquals: z.array(z.string()).min(1), MaxAttempts: z.number() });
const catcher = z.object({
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  Assign: z.record(z.string(), z.unknown()).default({}),
});
const task = z.object({
  Type: z.literal('Task'),
  Comment: z.string(),
  Resource: z.enum(['arn:aws:states:::lambda:invoke', 'arn:aws:states:::lambda:invoke.waitForTaskToken']),
  Arguments: z.object({ FunctionName: z.string(), Payload: z.record(z.string(), z.unknown()) }),
  TimeoutSeconds: z.union([z.number(), z.string()]),
  Retry: z.array(retrier).min(1),
  Catch: z.array(catcher).default([]),
  Assign: z.record(z.string(), z.unknown()).default({}),
  Next: z.string().optional(),
  End: z.literal(true).optional(),
});
const choice = z.object({
  Type: z.literal('Choice'),
  Choices: z.array(z.object({ Condition: z.string(), Next: z.string() })).min(1),
  Default: z.string(),
});
const wait = z.object({
  Type: z.literal('Wait'),
  Comment: z.string(),
  Seconds: z.number(),
  Next: z.string(),
});
const state = z.discriminatedUnion('Type', [task, choice, wait, z.object({ Type: z.literal('Succeed') })]);
type State = z.infer<typeof state>;

const machineFile = new URL('../../statemachines/order.asl.json', import.meta.url);
const machine = z
  .object({ QueryLanguage: z.literal('JSONata'), StartAt: z.string(), States: z.record(z.string(), state) })
  .parse(JSON.parse(readFileSync(machineFile, 'utf8')));
const named = Object.entries(machine.States);
const tasks = named.flatMap(([name, found]) => (found.Type === 'Task' ? [{ name, ...found }] : []));

/** States that may follow, those behind a Catch included. */
const followers = (found: State): string[] => {
  if (found.Type === 'Task')
    return [found.Next, ...found.Catch.map(({ Next }) => Next)].filter((n) => n !== undefined);
  if (found.Type === 'Wait') return [found.Next];
  return found.Type === 'Choice' ? [...found.Choices.map(({ Next }) => Next), found.Default] : [];
};
const ends = (found: State): boolean =>
  found.Type === 'Succeed' || (found.Type === 'Task' && found.End === true);

const reachableFrom = (start: string): Set<string> => {
  const seen = new Set<string>();
  const pending = [start];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const found = machine.States[name];
    pending.push(...(found ? followers(found) : []));
  }
  return seen;
};

test('every state that is named exists', () => {
  for (const [name, found] of named)
    for (const next of followers(found)) expect(`${name} → ${next in machine.States}`).toBe(`${name} → true`);
});

test('every state can be reached', () => {
  expect(reachableFrom(machine.StartAt)).toEqual(new Set(Object.keys(machine.States)));
});

test.for(named.map(([name]) => name))('from %s an end can be reached', (name) => {
  const reached = [...reachableFrom(name)].flatMap((other) => machine.States[other] ?? []);
  expect(reached.some(ends)).toBe(true);
});

describe.for(tasks)('$name', (found) => {
  test('has a time limit, and goes on or ends', () => {
    if (typeof found.TimeoutSeconds === 'number') expect(found.TimeoutSeconds).toBeGreaterThan(0);
    else expect(found.TimeoutSeconds).toMatch(/^\{% \$\w+Seconds(?: \/ 2)? %\}$/);
    expect([found.Next !== undefined, found.End === true].filter(Boolean)).toHaveLength(1);
  });

  test('is tried again for what may pass, and for nothing else of ours', () => {
    const retried = found.Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried).toContain('Retryable');
    for (const name of ['Fatal', 'InvalidInput', 'States.ALL', 'States.TaskFailed'])
      expect(retried).not.toContain(name);
  });

  test('is tried again when its function hung, but never for the end of a wait', () => {
    const retried = found.Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    for (const name of ['Sandbox.Timedout', 'Lambda.Unknown']) expect(retried).toContain(name);
    const isWait = found.Resource.endsWith('.waitForTaskToken');
    expect(retried.includes('States.Timeout')).toBe(!isWait);
  });

  test('calls a step that there is', () => {
    const step = /^\$\{(\w+)\}$/.exec(found.Arguments.FunctionName)?.[1] ?? '';
    const file = step.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
    expect([file, existsSync(new URL(`../../functions/steps/${file}.ts`, import.meta.url))]).toEqual([
      file,
      true,
    ]);
  });

  test('carries ids only, and a token exactly where it waits', () => {
    const { orderNumber, taskToken, ...more } = found.Arguments.Payload;
    expect(orderNumber).toBe('{% $states.context.Execution.Input.orderNumber %}');
    expect(taskToken !== undefined).toBe(found.Resource.endsWith('.waitForTaskToken'));
    for (const name of Object.keys(more)) expect(['fault', 'reasonCode', 'state', 'reason']).toContain(name);
  });

  test('catches everything last, if at all', () => {
    const catchesAll = found.Catch.map(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
    expect(catchesAll.slice(0, -1)).not.toContain(true);
  });
});

test('every wait leads somewhere when nobody answers', () => {
  for (const wait of tasks.filter(({ Resource }) => Resource.endsWith('.waitForTaskToken'))) {
    const caught = wait.Catch.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect([wait.name, caught.includes('States.Timeout')]).toEqual([wait.name, true]);
  }
});

test('a variable is set on every way to where it is used', () => {
  const used = new Map(
    named.map(([name, found]) => [
      name,
      found.Type === 'Task'
        ? [...JSON.stringify([found.Arguments, found.TimeoutSeconds]).matchAll(/\{% \$(?!states)(\w+)/g)].map(
            ([, variable]) => variable ?? '',
          )
        : [],
    ]),
  );
  /** For each state the variables that are set whichever way it was reached; shrinks until nothing changes. */
  const known = new Map<string, Set<string>>();
  const arrive = (name: string, set: Set<string>): void => {
    const before = known.get(name);
    const after = before ? new Set([...before].filter((variable) => set.has(variable))) : set;
    if (before && before.size === after.size) return;
    known.set(name, after);
    const found = machine.States[name];
    if (!found) return;
    if (found.Type !== 'Task') {
      for (const next of followers(found)) arrive(next, after);
      return;
    }
    if (found.Next) arrive(found.Next, new Set([...after, ...Object.keys(found.Assign)]));
    for (const { Next, Assign } of found.Catch) arrive(Next, new Set([...after, ...Object.keys(Assign)]));
  };
  arrive(machine.StartAt, new Set());
  for (const [name, variables] of used)
    for (const variable of variables)
      expect([name, variable, known.get(name)?.has(variable)]).toEqual([name, variable, true]);
});
