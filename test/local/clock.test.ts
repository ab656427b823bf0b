import { describe, expect, test } from 'vitest';
import { createVirtualClock, systemClock } from '../../local/clock.ts';

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
