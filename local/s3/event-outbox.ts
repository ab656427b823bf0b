import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { PendingEvent } from './records.ts';

export type EventOutbox = { send(event: PendingEvent): void; close(): Promise<void> };

const closeGraceMs = 2_000;
const firstDelayMs = 500;
const longestDelayMs = 60_000;

/** Hands each event on until it is accepted, with back-off; close() leaves the rest to the next start. */
export const createEventOutbox = (options: {
  clock: Clock;
  deliver: (event: PendingEvent) => Promise<void>;
  onSent: (event: PendingEvent) => Promise<void>;
}): EventOutbox => {
  const { clock, deliver, onSent } = options;
  const running = new Set<Promise<void>>();
  const cancels = new Set<() => void>();
  let isClosed = false;

  const retry = (event: PendingEvent, delayMs: number) => {
    if (isClosed) return;
    const cancel = clock.setTimer(clock.now() + delayMs, () => {
      cancels.delete(cancel);
      start(event, Math.min(delayMs * 2, longestDelayMs));
    });
    cancels.add(cancel);
  };

  function start(event: PendingEvent, nextDelayMs: number) {
    const run = deliver(event)
      .then(() => onSent(event))
      .catch(() => retry(event, nextDelayMs));
    running.add(run);
    run.finally(() => running.delete(run));
  }

  return {
    send: (event) => start(event, firstDelayMs),
    close: async () => {
      isClosed = true;
      for (const cancel of cancels) cancel();
      // A receiver that hangs must not hang the close: its event is still on record.
      const grace = new AbortController();
      const graceOver = setTimeout(closeGraceMs, undefined, { signal: grace.signal }).catch(() => undefined);
      await Promise.race([Promise.all(running), graceOver]);
      grace.abort();
    },
  };
};
