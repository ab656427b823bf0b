import { type Company, type Decision, toDepartment } from '../findings/decision.ts';
import type { OrderRecord } from './order.ts';

/** Where an order is stuck (a state of order.asl.json, absent when its execution failed), and why. */
type Stuck = { reason: string } | { reason: string; state: string };

/** Tells the order desk that an order is past a deadline or cannot go on; undefined when it was told within `quietMs`. */
export const decideStuckReport = (
  { events }: OrderRecord,
  stuck: Stuck,
  actor: string,
  desk: Company,
  now: Date,
  quietMs: number,
): Decision | undefined => {
  const isTold = events.some(
    ({ type, at, data }) =>
      type === 'order.stuck' &&
      data.state === ('state' in stuck ? stuck.state : undefined) &&
      data.reason === stuck.reason &&
      Date.parse(at) > now.getTime() - quietMs,
  );
  return isTold
    ? undefined
    : {
        event: { type: 'order.stuck', actor, data: stuck },
        mails: [toDepartment(desk, 'desk', 'stuck-order', { ...stuck })],
      };
};
