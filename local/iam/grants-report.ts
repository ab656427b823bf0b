import { type Grant, grantKey } from './grant.ts';
import { whyUnserved } from './unserved-grants.ts';
import type { DecidedCall, Usage } from './usage.ts';

type UsedGrant = {
  grant: Grant;
  /** How many calls it allowed. */
  calls: number;
  /** Without it some call would have been refused: no other grant allows it too. */
  isNeeded: boolean;
};

export type HolderGrants = {
  /** ARN of a role, or of a resource that has a policy. */
  holder: string;
  used: UsedGrant[];
  unused: Grant[];
  /** Those that no call here can use. */
  unserved: { grant: Grant; reason: string }[];
};

/** Whether any of the calls would have been refused without the grant. */
export const isNeeded = (calls: readonly DecidedCall[], grant: Grant): boolean => {
  const key = grantKey(grant);
  return calls.some(
    ({ isAllowed, grants: [only, ...others] }) =>
      isAllowed && only !== undefined && others.length === 0 && grantKey(only) === key,
  );
};

const callsBy = (calls: readonly DecidedCall[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { grants, count } of calls) {
    for (const key of grants.map(grantKey)) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
};

const holderGrants = (
  holder: string,
  grants: readonly Grant[],
  calls: readonly DecidedCall[],
  counts: ReadonlyMap<string, number>,
): HolderGrants => {
  const found: HolderGrants = { holder, used: [], unused: [], unserved: [] };
  for (const grant of grants) {
    const count = counts.get(grantKey(grant));
    const reason = whyUnserved(grant);
    if (count !== undefined) found.used.push({ grant, calls: count, isNeeded: isNeeded(calls, grant) });
    else if (reason !== undefined) found.unserved.push({ grant, reason });
    else found.unused.push(grant);
  }
  return found;
};

/** What was granted against what was used, by role and by resource with a policy. */
export const grantsReport = ({ grants, calls }: Usage): HolderGrants[] => {
  const counts = callsBy(calls);
  return [...Map.groupBy(grants, ({ holder }) => holder)].map(([holder, own]) =>
    holderGrants(holder, own, calls, counts),
  );
};
