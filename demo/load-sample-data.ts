import { issueKey, listKeys, revokeKey, rotateKey } from '../admin/commands/api-keys.ts';
import { listPartners } from '../admin/commands/list-partners.ts';
import { setPlan } from '../admin/commands/usage-plan.ts';
import type { Target } from '../admin/targets.ts';
import { loadMasterData } from '../samples/load-master-data.ts';

/** Wide enough to play with; a real partner gets the default of `npm run admin -- plan set`. */
const sampleLimits = { rate: 500, burst: 1000, quota: 1_000_000 };

type PartnerKey = { partnerId: string; apiKey: string };

/** A key can be seen only when it is made, so a partner whose key is not known here gets a new one. */
const newKey = async (target: Target, partnerId: string): Promise<PartnerKey> => {
  const live = (await listKeys(target, partnerId)).filter(({ revokedAt }) => revokedAt === undefined);
  const [oldest] = live;
  if (oldest && live.length > 1) await revokeKey(target, partnerId, oldest.keyId);
  const { key } = await (oldest ? rotateKey : issueKey)(target, partnerId);
  await setPlan(target, partnerId, sampleLimits);
  return { partnerId, apiKey: key };
};

/** Loads the sample catalogue, stock, partners and customers as an operator would, and gives every partner a key. */
export const loadSampleData = async (
  target: Target,
  known: readonly PartnerKey[],
  progress: (line: string) => void,
): Promise<PartnerKey[]> => {
  if (known.length > 0) return [...known];
  for (const [what, loaded] of Object.entries(await loadMasterData(target))) {
    if (loaded.outcome === 'refused') throw new Error(`sample ${what}: ${JSON.stringify(loaded.problems)}`);
    progress(
      `Loaded ${what}: ${loaded.created} new, ${loaded.changed} changed, ${loaded.unchanged} as they were`,
    );
  }
  const keys: PartnerKey[] = [];
  for (const { partnerId } of await listPartners(target)) keys.push(await newKey(target, partnerId));
  return keys;
};
