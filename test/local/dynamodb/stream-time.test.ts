import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { aTimedTable, startMs } from './timed-table.ts';

test('idle waits until what was written has been through the function', async () => {
  const { activity, put, startMapping } = await aTimedTable();
  const { calls } = await startMapping();
  for (const id of ['a', 'b', 'c']) {
    await put(id);
    await activity.idle();
    expect(calls.at(-1)?.records).toMatchObject([{ dynamodb: { Keys: { id: { S: id } } } }]);
  }
  expect(calls).toHaveLength(3);
});

test('records carry the cloud’s time, not the database’s', async () => {
  const { clock, activity, put, startMapping } = await aTimedTable();
  const { calls } = await startMapping();
  await clock.advance(86_400_000);
  await put('a');
  await activity.idle();
  expect(calls[0]?.records).toMatchObject([
    { dynamodb: { ApproximateCreationDateTime: startMs / 1000 + 86_400 } },
  ]);
});

test('a failing batch is tried again by the cloud’s clock, ever later, until it is given up', async () => {
  const { clock, activity, put, startMapping } = await aTimedTable();
  const { calls, lost } = await startMapping(() => 'fails', { maxRetryAttempts: 4 });
  await put('a');
  await activity.idle();
  await sleep(20);
  expect(calls).toHaveLength(1);
  await clock.advance(60_000);
  const waits = calls.map(({ at }, index) => at - (calls[index - 1]?.at ?? startMs));
  expect(waits).toEqual([0, 200, 400, 800, 1_600]);
  expect(lost).toMatchObject([{ requestContext: { condition: 'RetryAttemptsExhausted' } }]);
});

test('a record is given up at its age on the cloud’s clock', async () => {
  const { clock, put, startMapping } = await aTimedTable();
  const { lost } = await startMapping(() => 'fails', { maxRecordAgeMs: 3_600_000 });
  await put('a');
  await clock.advance(3_500_000);
  expect(lost).toEqual([]);
  await clock.advance(200_000);
  expect(lost).toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
});

test('while a batch waits for its retry nothing is in motion, though more was written', async () => {
  const { clock, activity, put, startMapping } = await aTimedTable();
  let failures = 2;
  const { calls } = await startMapping(() => (failures-- > 0 ? 'fails' : 'succeeds'));
  await put('a');
  await activity.idle();
  await put('b');
  await activity.idle();
  expect(calls).toHaveLength(1);
  await clock.advance(10_000);
  const ids = calls.map(({ records }) => records.length);
  expect(ids).toEqual([1, 1, 1, 1]);
});
