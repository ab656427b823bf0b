import { expect, test } from 'vitest';
import { aTimedTable, secondsFromStart } from './timed-table.ts';

const hourMs = 3_600_000;

test('what has expired is gone within an hour, and nothing else is', async () => {
  const { clock, put, ids, ...table } = await aTimedTable();
  table.startTimeToLive();
  await put('expired', secondsFromStart(-1));
  await put('soon', secondsFromStart(90 * 60));
  await put('later', secondsFromStart(7 * 86_400));
  await put('never');
  await put('no-number', undefined, { until: { S: '0' } });
  await put('mistaken', 1);
  await clock.advance(hourMs);
  expect(await ids()).toEqual(['later', 'mistaken', 'never', 'no-number', 'soon']);
  await clock.advance(hourMs);
  expect(await ids()).toEqual(['later', 'mistaken', 'never', 'no-number']);
  await clock.advance(7 * 24 * hourMs);
  expect(await ids()).toEqual(['mistaken', 'never', 'no-number']);
});

test('a quiet table is looked through once, and again when something expires or was written', async () => {
  const { clock, put, operations, ...table } = await aTimedTable();
  await put('later', secondsFromStart(10 * 86_400));
  table.startTimeToLive();
  await clock.advance(9 * 24 * hourMs);
  expect(operations).toEqual(['Scan']);
  await clock.advance(2 * 24 * hourMs);
  expect(operations).toEqual(['Scan', 'Scan', 'DeleteItem', 'Scan']);
  await put('other');
  await clock.advance(24 * hourMs);
  expect(operations).toEqual(['Scan', 'Scan', 'DeleteItem', 'Scan', 'Scan']);
});

test('an item that is renewed between look and deletion stays', async () => {
  const { clock, put, ids, ...timed } = await aTimedTable();
  await put('renewed', secondsFromStart(60));
  const { errors, table } = timed.startTimeToLive(async (operation, input) => {
    if (operation === 'DeleteItem') await put('renewed', secondsFromStart(86_400));
    return table(operation, input);
  });
  await clock.advance(hourMs);
  expect(await ids()).toEqual(['renewed']);
  expect(errors).toEqual([]);
});

test('a look that fails is reported and made again in the next hour', async () => {
  const { clock, put, ids, ...timed } = await aTimedTable();
  await put('expired', secondsFromStart(60));
  let failures = 1;
  const { errors, table } = timed.startTimeToLive((operation, input) =>
    failures-- > 0 ? Promise.reject(new Error('no database')) : table(operation, input),
  );
  await clock.advance(hourMs);
  expect([errors, await ids()]).toEqual([[new Error('no database')], ['expired']]);
  await clock.advance(hourMs);
  expect(await ids()).toEqual([]);
});

test('the stream tells a removal by the time to live from one by hand', async () => {
  const { clock, activity, put, remove, ...table } = await aTimedTable();
  table.startTimeToLive();
  const { calls } = await table.startMapping();
  await put('expires', secondsFromStart(60));
  await put('by-hand', secondsFromStart(86_400));
  await clock.advance(hourMs);
  await remove('by-hand');
  await put('expires');
  await remove('expires');
  await activity.idle();
  const removals = calls
    .flatMap(({ records }) => records)
    .filter(({ eventName }) => eventName === 'REMOVE')
    .map(({ userIdentity }) => userIdentity);
  const timeToLive = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
  expect(removals).toEqual([timeToLive, undefined, undefined]);
});
