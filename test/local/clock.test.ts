import { describe, expect, test } from 'vitest';
import { createVirtualClock, sharedTime, systemClock, untilTime } from '../../local/clock.ts';

describe('the virtual clock', () => {
  test('runs timers in the order of their times, whatever the order they were set in', async () => {
    const clock = createVirtualClock(1_000);
    const ran: [string, number][] = [];
    clock.setTimer(1_300, () => ran.push(['later', clock.now()]));
    clock.setTimer(1_100, () => ran.push(['sooner', clock.now()]));
    clock.setTimer(1_101, () => ran.push(['beyond', clock.now()]));
    await clock.advance(100);
    expect(ran).toEqual([['sooner', 1_100]]);
    await clock.advance(200);
    expect(ran).toEqual([
      ['sooner', 1_100],
      ['beyond', 1_101],
      ['later', 1_300],
    ]);
  });

  test('runs a timer that another set on the way', async () => {
    const clock = createVirtualClock(0);
    const ran: number[] = [];
    clock.setTimer(10, () => clock.setTimer(20, () => ran.push(clock.now())));
    await clock.advance(50);
    expect(ran).toEqual([20]);
    expect(clock.now()).toBe(50);
  });

  test('does not run a cancelled timer, and tells which comes next', async () => {
    const clock = createVirtualClock(0);
    const ran: string[] = [];
    const cancel = clock.setTimer(10, () => ran.push('cancelled'));
    clock.setTimer(20, () => ran.push('kept'));
    cancel();
    expect(clock.nextTimer()).toBe(20);
    await clock.advance(100);
    expect(ran).toEqual(['kept']);
    expect(clock.nextTimer()).toBeUndefined();
  });

  test('moves to a time, and to the next timer with all that is set for the same time', async () => {
    const clock = createVirtualClock(0);
    const ran: string[] = [];
    clock.setTimer(10, () => ran.push('a'));
    clock.setTimer(10, () => ran.push('b'));
    clock.setTimer(30, () => ran.push('c'));
    expect(await clock.advanceToNextTimer()).toBe(10);
    expect([ran, clock.now()]).toEqual([['a', 'b'], 10]);
    await clock.advanceTo(25);
    expect([ran, clock.now()]).toEqual([['a', 'b'], 25]);
    expect(await clock.advanceToNextTimer()).toBe(30);
    expect(await clock.advanceToNextTimer()).toBeUndefined();
    expect(clock.now()).toBe(30);
  });

  test('does not go back', async () => {
    const clock = createVirtualClock(100);
    await clock.advanceTo(50);
    expect(clock.now()).toBe(100);
  });

  test('waits before it moves for whatever is attached, until it is detached', async () => {
    const clock = createVirtualClock(0);
    const ran: number[] = [];
    let isAtWork = true;
    const detach = clock.waitsFor(async () => {
      if (isAtWork) clock.setTimer(clock.now() + 5, () => ran.push(clock.now()));
      isAtWork = false;
    });
    await clock.advance(10);
    expect(ran).toEqual([5]);
    isAtWork = true;
    detach();
    await clock.advance(10);
    expect(ran).toEqual([5]);
  });

  test('tells other threads the time', async () => {
    const clock = createVirtualClock(1_792_000_000_123);
    const { read } = sharedTime(clock.memory);
    expect(read()).toBe(1_792_000_000_123);
    await clock.advance(877);
    expect(read()).toBe(1_792_000_001_000);
  });
});

describe('waiting for a time', () => {
  test('ends when the clock has reached it', async () => {
    const clock = createVirtualClock(0);
    let hasEnded = false;
    const wait = untilTime(clock, 10, new AbortController().signal).then(() => {
      hasEnded = true;
    });
    await clock.advance(9);
    expect(hasEnded).toBe(false);
    await clock.advance(1);
    await wait;
  });

  test.for([{ when: 'before' }, { when: 'while' }])(
    'is refused when aborted $when, and leaves no timer',
    async ({ when }) => {
      const clock = createVirtualClock(0);
      const stop = new AbortController();
      if (when === 'before') stop.abort(new Error('closing'));
      const wait = untilTime(clock, 10, stop.signal);
      stop.abort(new Error('closing'));
      await expect(wait).rejects.toThrow('closing');
      expect(clock.nextTimer()).toBeUndefined();
    },
  );
});

test('the system clock never runs a timer before its time', async () => {
  const atMs = Date.now() + 5;
  const ranAtMs = await new Promise<number>((resolve) =>
    systemClock.setTimer(atMs, () => resolve(systemClock.now())),
  );
  expect(ranAtMs).toBeGreaterThanOrEqual(atMs);
});

test('the system clock does not run a timer further away than setTimeout can count', async () => {
  let hasRun = false;
  const cancel = systemClock.setTimer(Date.now() + 40 * 24 * 3_600_000, () => {
    hasRun = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  cancel();
  expect(hasRun).toBe(false);
});
