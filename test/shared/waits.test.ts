import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderState } from '../../domain/orders/order.ts';
import type { Wait, WaitAnswer } from '../../domain/orders/wait.ts';
import { orderWaits } from '../../functions/shared/waits.ts';
import { anOrder } from '../builders/an-order.ts';

const now = new Date('2026-03-02T08:00:00Z');

/** An order's rows in memory whose every read and write takes a turn of the scheduler, and the tokens that were answered. */
const desk = (scheduler?: fc.Scheduler) => {
  let wait: Wait | undefined;
  let state: OrderState = anOrder({ state: { status: 'PENDING_PAYMENT' } }).state;
  const answers: [string, WaitAnswer][] = [];
  const turn = async (name: string) => {
    if (scheduler) await scheduler.schedule(Promise.resolve(), name);
  };
  const waits = orderWaits(
    {
      openWait: async (_orderNumber, opened) => {
        await turn('open wait');
        wait = opened;
      },
      readWait: async () => {
        await turn('read wait');
        return wait;
      },
      readState: async () => {
        await turn('read state');
        return state;
      },
    },
    async (token, answer) => {
      await turn('answer');
      answers.push([token, answer]);
      return 'answered';
    },
  );
  const pay = async () => {
    await turn('write payment');
    state = { ...state, status: 'PAID' };
    await waits.wake(state.orderNumber);
  };
  return { waits, pay, answers };
};

test('whichever comes first, and however their steps interleave, a wait and its event find each other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (scheduler, events) => {
      const { waits, pay, answers } = desk(scheduler);
      const running = Promise.all([
        waits.open('SO', 'PAYMENT', 'token', now),
        ...Array.from({ length: events }, () => pay()),
      ]);
      await scheduler.waitFor(running);
      expect(answers.length).toBeGreaterThanOrEqual(1);
      expect(new Set(answers.map(([token, { result }]) => `${token} ${result}`))).toEqual(
        new Set(['token success']),
      );
    }),
    { numRuns: 300 },
  );
});

test('a wait without its event stays open, however often it is woken', async () => {
  const { waits, answers } = desk();
  await waits.open('SO', 'PAYMENT', 'token', now);
  expect(await waits.wake('SO')).toBe('waiting');
  expect(answers).toEqual([]);
});

test('an order that waits for nothing is not answered', async () => {
  const { waits, pay, answers } = desk();
  await pay();
  expect(await waits.wake('SO')).toBe('waiting');
  expect(answers).toEqual([]);
});
