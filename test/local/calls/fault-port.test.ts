import { expect, test } from 'vitest';
import type { Call } from '../../../local/calls/call.ts';
import { ConnectionCut, type Line } from '../../../local/calls/call-port.ts';
import type { Fault } from '../../../local/calls/fault.ts';
import { createFaultPort } from '../../../local/calls/fault-port.ts';

const put: Call = {
  caller: 'arn:aws:lambda:r:0:function:place',
  service: 'dynamodb',
  action: 'PutItem',
  input: {},
};
const site = 'place dynamodb:PutItem';
const line: Line = { untilHungUp: async () => {} };

/** A port with the fault, and how often its calls have taken effect. */
const aPort = (...faults: Fault[]) => {
  const port = createFaultPort();
  for (const fault of faults) port.arm(fault);
  let effects = 0;
  const pass = (call: Call = put, on = line) =>
    port
      .pass(
        call,
        async () => {
          effects += 1;
          return 'done';
        },
        on,
      )
      .catch((error: Error) => error);
  return { port, pass, effects: () => effects };
};

test.for<{ kind: Fault['kind']; error: object; effects: number }>([
  { kind: 'throttle', error: { code: 'ThrottlingException', status: 400 }, effects: 0 },
  { kind: 'error-before', error: { code: 'InternalServerError', status: 500 }, effects: 0 },
  { kind: 'error-after', error: { code: 'InternalServerError', status: 500 }, effects: 1 },
  { kind: 'timeout-before', error: { name: 'ConnectionCut' }, effects: 0 },
  { kind: 'timeout-after', error: { name: 'ConnectionCut' }, effects: 1 },
  { kind: 'cut', error: { name: 'ConnectionCut' }, effects: 1 },
])('$kind fails the call after $effects effects', async ({ kind, error, effects }) => {
  const one = aPort({ site, kind, nth: 'every' });
  expect(await one.pass()).toMatchObject(error);
  expect(one.effects()).toBe(effects);
  expect(one.port.struck()).toEqual([{ site, kind, at: 1 }]);
});

test('a timeout holds the call until its caller hangs up', async () => {
  const { pass, effects } = aPort({ site, kind: 'timeout-after', nth: 1 });
  const hangUp = Promise.withResolvers<void>();
  let isOver = false;
  const held = pass(put, { untilHungUp: () => hangUp.promise }).finally(() => {
    isOver = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([isOver, effects()]).toEqual([false, 1]);
  hangUp.resolve();
  expect(await held).toBeInstanceOf(ConnectionCut);
});

test.for([
  { nth: 1, outcomes: ['fails', 'done', 'done'] },
  { nth: 2, outcomes: ['done', 'fails', 'done'] },
  { nth: 'every', outcomes: ['fails', 'fails', 'fails'] },
] as const)('a fault of call $nth of its site makes calls end as $outcomes', async ({ nth, outcomes }) => {
  const { pass } = aPort({ site, kind: 'throttle', nth });
  const seen: unknown[] = [];
  for (const _ of outcomes) {
    await pass({ ...put, action: 'GetItem' });
    seen.push((await pass()) === 'done' ? 'done' : 'fails');
  }
  expect(seen).toEqual(outcomes);
});

test('a fault that does not apply to a call leaves it alone and has not struck', async () => {
  const { port, pass } = aPort(
    { site, kind: 'partial', nth: 'every' },
    { site, kind: 'conflict', nth: 'every' },
  );
  expect(await pass()).toBe('done');
  expect(port.struck()).toEqual([]);
});

test('the first call that can meet a fault meets it, whatever calls came before', async () => {
  const { port, pass } = aPort({ site, kind: 'conflict', nth: 1 });
  await pass();
  expect(await pass({ ...put, input: { ConditionExpression: 'attribute_exists(id)' } })).toBe('done');
  expect(port.struck()).toEqual([{ site, kind: 'conflict', at: 1 }]);
});

test('faults are counted from when they are armed, and are gone when disarmed', async () => {
  const { port, pass } = aPort();
  await pass();
  port.arm({ site, kind: 'throttle', nth: 1 });
  expect(await pass()).toBeInstanceOf(Error);
  port.arm({ site, kind: 'throttle', nth: 'every' });
  port.disarm();
  expect(await pass()).toBe('done');
  expect(port.struck()).toHaveLength(1);
});

test('the trace tells every site, how often it was passed, and what its calls can meet', async () => {
  const { port, pass } = aPort();
  const conditional = { ...put, input: { ConditionExpression: 'attribute_exists(id)' } };
  await pass();
  await pass(conditional);
  await pass({ ...put, action: 'GetItem' });
  const [puts, gets] = port.trace();
  expect(puts).toMatchObject({ site, service: 'dynamodb', action: 'PutItem', count: 2 });
  expect(puts?.kinds).toContain('conflict');
  expect(gets).toMatchObject({ site: 'place dynamodb:GetItem', count: 1 });
  expect(gets?.kinds).not.toContain('error-after');
});

test('a conditional write conflicts by a condition that the database cannot meet', async () => {
  const port = createFaultPort();
  port.arm({ site, kind: 'conflict', nth: 'every' });
  const input = {
    ConditionExpression: '#v = :one OR attribute_not_exists(id)',
    ExpressionAttributeNames: { '#v': 'version' },
  };
  const asked = await port.pass({ ...put, input }, async (alteration) => alteration?.input, line);
  expect(asked).toEqual({
    ConditionExpression: '(#v = :one OR attribute_not_exists(id)) AND attribute_exists(#faultPort)',
    ExpressionAttributeNames: { '#v': 'version', '#faultPort': 'local-cloud-fault-port' },
  });
});

test.for([
  { kind: 'conflict', code: 'TransactionConflict' },
  { kind: 'throttle', code: 'ThrottlingError' },
] as const)(
  'a transaction that meets $kind tells $code as the reason of one item',
  async ({ kind, code }) => {
    const call: Call = { ...put, action: 'TransactWriteItems', input: { TransactItems: [{}, {}] } };
    const { pass } = aPort({ site: 'place dynamodb:TransactWriteItems', kind, nth: 1 });
    expect(await pass(call)).toMatchObject({
      code: 'TransactionCanceledException',
      message: expect.stringContaining(`[${code}, None]`),
      details: { CancellationReasons: [{ Code: code }, { Code: 'None' }] },
    });
  },
);

test('the process dies at the point that fits, and goes on past all others', async () => {
  const deaths: string[] = [];
  const reached: string[] = [];
  const port = createFaultPort({ die: () => deaths.push(reached.at(-1) ?? '') });
  port.killAt((point) => {
    reached.push(point);
    return point === 'journal.after-append' || point === 'call.before';
  });
  port.reach('journal.before-append', {});
  port.reach('journal.after-append', {});
  await port.pass(put, async () => 'done', line);
  port.disarm();
  port.reach('journal.after-append', {});
  expect(deaths).toEqual(['journal.after-append', 'call.before']);
  expect(reached).toEqual(['journal.before-append', 'journal.after-append', 'call.before', 'call.after']);
});
