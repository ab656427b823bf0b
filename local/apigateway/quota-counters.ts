import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { writeFileDurably } from '../durable/write-file.ts';

export type Quota = { limit: number; period: 'DAY' | 'WEEK' | 'MONTH'; offset: number };

const countersSchema = z.record(z.string(), z.object({ period: z.string(), used: z.number() }));

const dayMs = 86_400_000;

/** The first day of the quota's current period, in UTC; `offset` days after its Sunday or its first of the month. */
export const quotaPeriod = ({ period, offset }: Quota, nowMs: number): string => {
  const at = new Date(nowMs - offset * dayMs);
  const start = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  const back = period === 'WEEK' ? at.getUTCDay() : period === 'MONTH' ? at.getUTCDate() - 1 : 0;
  return new Date(start - back * dayMs).toISOString().slice(0, 10);
};

const saveDelayMs = 1_000;

/** Requests used per plan and key. Saved once a second and at close, so a crash forgets a second of counting. */
export const openQuotaCounters = (stateDir: string, clock: Clock) => {
  mkdirSync(stateDir, { recursive: true });
  const file = join(stateDir, 'quotas.json');
  const counters = new Map(
    Object.entries(existsSync(file) ? countersSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}),
  );
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    timer = undefined;
    saving = saving.then(() => writeFileDurably(file, JSON.stringify(Object.fromEntries(counters))));
    return saving;
  };
  return {
    /** Counts a request; false when the period's quota is used up. */
    take(name: string, quota: Quota): boolean {
      const period = quotaPeriod(quota, clock.now());
      const counter = counters.get(name);
      const used = counter?.period === period ? counter.used : 0;
      if (used >= quota.limit) return false;
      counters.set(name, { period, used: used + 1 });
      timer ??= setTimeout(() => void save().catch(() => {}), saveDelayMs);
      return true;
    },
    async close() {
      const isUnsaved = timer !== undefined;
      clearTimeout(timer);
      if (isUnsaved) await save();
      else await saving;
    },
  };
};
