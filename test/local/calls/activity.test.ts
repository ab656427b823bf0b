import { expect, test } from 'vitest';
import { type Activity, createActivity } from '../../../local/calls/activity.ts';

/** Whether everything has come to rest, once a few turns of the event loop have passed. */
const isIdle = async (activity: Activity): Promise<boolean> => {
  let idle = false;
  activity.idle().then(() => {
    idle = true;
  });
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return idle;
};

const theFunction = 'arn:aws:lambda:us-east-1:000000000000:function:pack';

test('is idle when everything that began has ended, each end counting once', async () => {
  const activity = createActivity();
  expect(await isIdle(activity)).toBe(true);
  const [endFirst, endSecond] = [activity.begin(), activity.begin(theFunction)];
  endFirst();
  endFirst();
  expect(await isIdle(activity)).toBe(false);
  endSecond();
  expect(await isIdle(activity)).toBe(true);
});

test('is not idle between a thing and what follows from it a few promises later', async () => {
  const activity = createActivity();
  const end = activity.begin();
  const order: string[] = [];
  const idle = activity.idle().then(() => order.push('idle'));
  end();
  for (let step = 0; step < 10; step += 1) await null;
  const endNext = activity.begin();
  setTimeout(() => {
    order.push('next ended');
    endNext();
  }, 5);
  await idle;
  expect(order).toEqual(['next ended', 'idle']);
});

test('work counts until it is done or has failed', async () => {
  const activity = createActivity();
  const { promise, reject } = Promise.withResolvers<void>();
  const work = activity.during(() => promise);
  expect(await isIdle(activity)).toBe(false);
  reject(new Error('broken'));
  await expect(work).rejects.toThrow('broken');
  expect(await isIdle(activity)).toBe(true);
});

test('work that waits for something else does not count meanwhile', async () => {
  const activity = createActivity();
  const [answer, rest] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
  const work = activity.during(async () => {
    const answered = await activity.outside(() => answer.promise);
    await rest.promise;
    return answered;
  });
  expect(await isIdle(activity)).toBe(true);
  answer.resolve('yes');
  expect(await isIdle(activity)).toBe(false);
  rest.resolve();
  expect(await work).toBe('yes');
  expect(await isIdle(activity)).toBe(true);
});

test('a wait that ends after its work has been given up counts for nothing', async () => {
  const activity = createActivity();
  const answer = Promise.withResolvers<void>();
  await activity.during(async () => {
    void activity.outside(() => answer.promise);
  });
  answer.resolve();
  expect(await isIdle(activity)).toBe(true);
});

test('a function whose call is held open does not count, but another run of it does', async () => {
  const activity = createActivity();
  const end = activity.begin(theFunction);
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = activity.held(theFunction, () => promise);
  expect(await isIdle(activity)).toBe(true);
  const endOther = activity.begin(theFunction);
  expect(await isIdle(activity)).toBe(false);
  endOther();
  expect(await isIdle(activity)).toBe(true);
  resolve();
  await held;
  expect(await isIdle(activity)).toBe(false);
  end();
  expect(await isIdle(activity)).toBe(true);
});

test('the run of a function after one that ended by its timeout counts, though the call is still held', async () => {
  const activity = createActivity();
  const end = activity.begin(theFunction);
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = activity.held(theFunction, () => promise);
  end();
  const endRetry = activity.begin(theFunction);
  expect(await isIdle(activity)).toBe(false);
  resolve();
  await held;
  endRetry();
  expect(await isIdle(activity)).toBe(true);
});

test('when the older of two runs ends, the call that is held was the other’s', async () => {
  const activity = createActivity();
  const [endOlder, endNewer] = [activity.begin(theFunction), activity.begin(theFunction)];
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = activity.held(theFunction, () => promise);
  expect(await isIdle(activity)).toBe(false);
  endOlder();
  expect(await isIdle(activity)).toBe(true);
  resolve();
  await held;
  endNewer();
  expect(await isIdle(activity)).toBe(true);
});
