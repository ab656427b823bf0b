import { type Grant, grantKey } from './grant.ts';

/** A kind of call: the same caller, action and deciding grants. */
export type DecidedCall = {
  caller: string;
  action: string;
  /** Of the first such call. */
  resource: string;
  isAllowed: boolean;
  /** Each allows it by itself; none when it was refused. */
  grants: readonly Grant[];
  count: number;
};

export type Usage = {
  /** Everything that callers and resources are granted by the templates. */
  grants: readonly Grant[];
  calls: readonly DecidedCall[];
};

export type UsageRecord = {
  add(call: Omit<DecidedCall, 'count'>): void;
  usage(): Usage;
};

const kindOf = ({ caller, action, isAllowed, grants }: Omit<DecidedCall, 'count'>): string =>
  [caller, action, isAllowed, ...grants.map(grantKey)].join('\n');

/** Counts calls by kind, so that it stays small however long a cloud runs. */
export const createUsageRecord = (granted: readonly Grant[]): UsageRecord => {
  const calls = new Map<string, DecidedCall>();
  return {
    add(call) {
      const kind = kindOf(call);
      const known = calls.get(kind);
      if (known === undefined) calls.set(kind, { ...call, count: 1 });
      else known.count += 1;
    },
    usage: () => ({ grants: granted, calls: [...calls.values()].map((call) => ({ ...call })) }),
  };
};

/** Several clouds' usage over the same templates as one. */
export const mergeUsage = (usages: readonly Usage[]): Usage => {
  const grants = new Map<string, Grant>();
  const calls = new Map<string, DecidedCall>();
  for (const usage of usages) {
    for (const grant of usage.grants) grants.set(grantKey(grant), grant);
    for (const call of usage.calls) {
      const kind = kindOf(call);
      calls.set(kind, { ...call, count: call.count + (calls.get(kind)?.count ?? 0) });
    }
  }
  return { grants: [...grants.values()], calls: [...calls.values()] };
};
