import type { Clock } from '../clock.ts';
import type { Schedule } from './schedule.ts';

/** One schedule, and when it fired last (or was first seen), in epoch milliseconds. */
export type ScheduledRule = { name: string; schedule: Schedule; lastMs: number };

/**
 * Fires rules at their times until told to end. Times that were missed, as while the machine was off, are made
 * up for by one firing. `firedMs` is what the next start must be given as lastMs.
 */
export const startScheduler = (
  rules: ScheduledRule[],
  clock: Clock,
  fire: (firing: { name: string; dueMs: number; firedMs: number }) => void,
): (() => void) => {
  const cancels = new Map<string, () => void>();
  const arm = (rule: ScheduledRule) => {
    const dueMs = rule.schedule(rule.lastMs);
    if (dueMs === undefined) return;
    const run = () => {
      const followingMs = rule.schedule(dueMs);
      const hasMissed = followingMs !== undefined && followingMs <= clock.now();
      const firedMs = hasMissed ? clock.now() : dueMs;
      arm({ ...rule, lastMs: firedMs });
      fire({ name: rule.name, dueMs, firedMs });
    };
    cancels.set(rule.name, clock.setTimer(dueMs, run));
  };
  for (const rule of rules) arm(rule);
  return () => {
    for (const cancel of cancels.values()) cancel();
  };
};
