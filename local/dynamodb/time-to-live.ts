import * as z from 'zod';
import type { Activity } from '../calls/activity.ts';
import type { Clock } from '../clock.ts';
import { ServiceError } from '../http/service-error.ts';
import type { DatabaseCall } from './database-client.ts';
import type { TableSpec } from './declared-tables.ts';
import type { Expiries, ItemKey } from './expiries.ts';

export type TimeToLiveOptions = {
  tables: TableSpec[];
  table: DatabaseCall;
  clock: Clock;
  activity: Activity;
  expiries: Expiries;
  onError: (error: unknown) => void;
};

export type TimeToLive = {
  /** Tables may have got items that expire: without a word of it they are not looked through again. */
  poke(): void;
  close(): Promise<void>;
};

const everyMs = 3_600_000;
/** DynamoDB takes a time longer ago for a mistake and leaves the item. */
const oldestSeconds = 5 * 365 * 86_400;

const pageSchema = z.object({
  Items: z.array(z.record(z.string(), z.json())).default([]),
  LastEvaluatedKey: z.record(z.string(), z.json()).optional(),
});
const numberSchema = z.object({ N: z.coerce.number() });

/** Deletes what has expired in one table; answers when the next item expires, in epoch seconds. */
const createSweep = (spec: TableSpec, attribute: string, options: TimeToLiveOptions) => {
  const { table, clock, expiries } = options;
  const keyNames = spec.KeySchema.map(({ AttributeName: name }) => name);
  const names = Object.fromEntries([...keyNames, attribute].map((name, index) => [`#a${index}`, name]));
  const timeName = `#a${keyNames.length}`;

  const remove = async (key: ItemKey, nowSeconds: number) => {
    const withdraw = expiries.announce(spec.name, key);
    try {
      await table('DeleteItem', {
        TableName: spec.name,
        Key: key,
        ConditionExpression: '#time < :now',
        ExpressionAttributeNames: { '#time': attribute },
        ExpressionAttributeValues: { ':now': { N: String(nowSeconds) } },
      });
    } catch (error) {
      withdraw();
      const isRenewed = error instanceof ServiceError && error.code === 'ConditionalCheckFailedException';
      if (!isRenewed) throw error;
    }
  };

  return async (): Promise<number> => {
    const nowSeconds = Math.floor(clock.now() / 1000);
    let next = Number.POSITIVE_INFINITY;
    let after: ItemKey | undefined;
    do {
      const page = pageSchema.parse(
        await table('Scan', {
          TableName: spec.name,
          FilterExpression: `${timeName} > :oldest`,
          ProjectionExpression: Object.keys(names).join(', '),
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ':oldest': { N: String(nowSeconds - oldestSeconds) } },
          ...(after && { ExclusiveStartKey: after }),
        }),
      );
      for (const { [attribute]: time, ...item } of page.Items) {
        const { N: seconds } = numberSchema.parse(time);
        if (seconds >= nowSeconds) next = Math.min(next, seconds);
        else await remove(Object.fromEntries(keyNames.map((name) => [name, item[name] ?? null])), nowSeconds);
      }
      after = page.LastEvaluatedKey;
    } while (after !== undefined);
    return next;
  };
};

/**
 * Deletes expired items within an hour of the cloud's time; AWS takes up to days. A table is looked through at most
 * once an hour, and not at all while nothing was written to it and nothing expires.
 */
export const startTimeToLive = (options: TimeToLiveOptions): TimeToLive => {
  const { tables, clock, activity, onError } = options;
  const sweeps = tables.flatMap((spec) => {
    const { AttributeName: attribute, Enabled: isEnabled } = spec.TimeToLiveSpecification ?? {};
    if (!isEnabled || attribute === undefined) return [];
    return { run: createSweep(spec, attribute, options), isDue: true, nextSeconds: 0 };
  });
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};

  const sweepAll = async () => {
    for (const sweep of sweeps) {
      if (!sweep.isDue && (sweep.nextSeconds + 1) * 1000 > clock.now()) continue;
      Object.assign(sweep, { isDue: false, nextSeconds: 0 });
      sweep.nextSeconds = await sweep.run();
    }
  };
  const arm = () => {
    cancel = clock.setTimer(clock.now() + everyMs, () => {
      running = activity.during(sweepAll).catch(onError).then(arm);
    });
  };
  if (sweeps.length > 0) arm();

  return {
    poke() {
      for (const sweep of sweeps) sweep.isDue = true;
    },
    async close() {
      cancel();
      await running;
      cancel();
    },
  };
};
