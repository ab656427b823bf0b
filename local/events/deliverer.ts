import { setTimeout } from 'node:timers/promises';
import type { Activity } from '../calls/activity.ts';
import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import type { BusRecord, Delivery } from './delivery.ts';
import type { RuleTarget } from './rule.ts';

/** Hands a rule's target its input; attributes come with what goes to a dead letter queue. Rejects to be asked again. */
export type Deliver = (
  target: RuleTarget & { ruleArn: string },
  payload: JsonValue,
  event: JsonValue,
  attributes?: Record<string, string>,
) => Promise<void>;

export type Deliverer = { start(delivery: Delivery, attempts: number): void; close(): Promise<void> };

const defaultRetry = { maximumAttempts: 185, maximumEventAgeSeconds: 24 * 60 * 60 };
const firstDelayMs = 1_000;
const longestDelayMs = 10 * 60_000;
const closeGraceMs = 2_000;

/** Errors that another attempt cannot mend: the target is not there, or may not be used. */
const permanent = new Set([
  'ResourceNotFoundException',
  'StateMachineDoesNotExist',
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'QueueDoesNotExist',
]);

const nameOf = (error: unknown) => (error instanceof Error ? (error.name.split('#').at(-1) ?? '') : 'Error');

const exhaustedBy = (delivery: Delivery, attempts: number, error: unknown, nowMs: number) => {
  const { maximumAttempts, maximumEventAgeSeconds } = delivery.target.retry ?? defaultRetry;
  if (permanent.has(nameOf(error))) return 'NonRetriableError';
  if (attempts > maximumAttempts) return 'MaximumRetryAttempts';
  const isTooOld = nowMs - delivery.acceptedMs >= maximumEventAgeSeconds * 1000;
  return isTooOld ? 'MaximumEventAgeInSeconds' : undefined;
};

const deadLetterAttributes = (delivery: Delivery, attempts: number, error: unknown, condition: string) => ({
  RULE_ARN: delivery.ruleArn,
  TARGET_ARN: delivery.target.arn,
  ERROR_CODE: nameOf(error),
  ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
  RETRY_ATTEMPTS: String(attempts - 1),
  EXHAUSTED_RETRY_CONDITION: condition,
});

/** Delivers with back-off until it works or the target's retry policy is used up; then the dead letter queue. */
export const createDeliverer = (options: {
  clock: Clock;
  activity: Activity;
  deliver: Deliver;
  /** Keeps what became of a delivery. */
  note: (record: BusRecord) => Promise<void>;
  onError: (error: unknown) => void;
}): Deliverer => {
  const { clock, activity, deliver, note, onError } = options;
  const running = new Set<Promise<void>>();
  const cancels = new Set<() => void>();
  let isClosed = false;

  const bury = async (delivery: Delivery, attempts: number, error: unknown, condition: string) => {
    const { deadLetterArn } = delivery.target;
    if (deadLetterArn === undefined) {
      onError(new Error(`An event for ${delivery.target.arn} is given up: ${condition}`, { cause: error }));
      return;
    }
    const attributes = deadLetterAttributes(delivery, attempts, error, condition);
    const target = { id: 'dead-letter', arn: deadLetterArn, ruleArn: delivery.ruleArn };
    await deliver(target, delivery.event, delivery.event, attributes).catch((failure: unknown) => {
      if (!permanent.has(nameOf(failure))) throw failure;
      onError(
        new Error(`An event for ${delivery.target.arn} is lost: its dead letter queue refuses it`, {
          cause: failure,
        }),
      );
    });
  };

  const retryLater = (delivery: Delivery, attempts: number) => {
    if (isClosed) return;
    const delayMs = Math.min(firstDelayMs * 2 ** (attempts - 1), longestDelayMs);
    const cancel = clock.setTimer(clock.now() + delayMs, () => {
      cancels.delete(cancel);
      start(delivery, attempts);
    });
    cancels.add(cancel);
  };

  const fail = async (delivery: Delivery, attempts: number, error: unknown) => {
    const condition = exhaustedBy(delivery, attempts, error, clock.now());
    if (condition === undefined) {
      await note({ op: 'failed', id: delivery.id, attempts });
      return retryLater(delivery, attempts);
    }
    await bury(delivery, attempts, error, condition);
    await note({ op: 'done', id: delivery.id });
  };

  const attempt = async (delivery: Delivery, attempts: number) => {
    try {
      await deliver({ ...delivery.target, ruleArn: delivery.ruleArn }, delivery.payload, delivery.event);
    } catch (error) {
      return fail(delivery, attempts + 1, error);
    }
    await note({ op: 'done', id: delivery.id });
  };

  function start(delivery: Delivery, attempts: number) {
    const run = activity
      .during(() => attempt(delivery, attempts))
      .catch((error: unknown) => {
        // The dead letter queue or the disk refused; what is owed stays on record.
        if (!isClosed) onError(error);
        retryLater(delivery, attempts + 1);
      });
    running.add(run);
    run.finally(() => running.delete(run));
  }

  return {
    start,
    close: async () => {
      isClosed = true;
      for (const cancel of cancels) cancel();
      const grace = new AbortController();
      const graceOver = setTimeout(closeGraceMs, undefined, { signal: grace.signal }).catch(() => undefined);
      await Promise.race([Promise.all(running), graceOver]);
      grace.abort();
    },
  };
};
