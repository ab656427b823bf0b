import type { Activity } from '../calls/activity.ts';
import { type Clock, untilTime } from '../clock.ts';
import { ServiceError } from '../http/service-error.ts';

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/** Errors that another attempt cannot mend: the queue is not there, or may not be used. */
const permanent = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'QueueDoesNotExist',
]);

const isPermanent = (error: unknown): boolean =>
  error instanceof ServiceError && permanent.has(error.code.split('#').at(-1) ?? '');

/**
 * Sends for Lambda what a function has failed to handle: again until the queue takes it. What may not be sent is told
 * to onError and lost, as on AWS. Rejects only at close().
 */
export const createDestinations = (options: {
  clock: Clock;
  activity: Activity;
  onError: (line: string) => void;
}) => {
  const { clock, activity, onError } = options;
  const closing = new AbortController();
  return {
    async deliver(what: string, send: () => Promise<void>): Promise<void> {
      for (let delayMs = firstDelayMs; ; delayMs = Math.min(2 * delayMs, longestDelayMs)) {
        try {
          return await send();
        } catch (error) {
          onError(`${what}: ${String(error)}`);
          if (isPermanent(error)) return;
          await activity.outside(() => untilTime(clock, clock.now() + delayMs, closing.signal));
        }
      }
    },
    async close() {
      closing.abort(new Error('The local cloud is closing.'));
    },
  };
};
