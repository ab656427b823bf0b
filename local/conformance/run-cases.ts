import type { JsonValue } from '../json.ts';
import { historyDifference } from './compare.ts';
import { drive } from './drive.ts';
import type { RecordedCase } from './recorded-case.ts';

export type CaseResult = {
  id: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Why not passed; of a passed one what AWS writes differently since it was recorded, if anything. */
  reason: string;
};

const readsDataset = (definition: JsonValue): boolean => {
  if (definition === null || typeof definition !== 'object') return false;
  return 'ItemReader' in definition || Object.values(definition).some(readsDataset);
};

const runCase = async (recorded: RecordedCase): Promise<CaseResult> => {
  const { id } = recorded;
  if (readsDataset(recorded.definition)) {
    return { id, outcome: 'skipped', reason: 'what its ItemReader found was not recorded' };
  }
  try {
    const actual = await drive(recorded);
    const difference = historyDifference(recorded, actual);
    if (difference !== undefined) return { id, outcome: 'failed', reason: difference };
    const asOfToday = historyDifference({ ...recorded, recorded: Date.now() }, actual);
    return { id, outcome: 'passed', reason: asOfToday ?? '' };
  } catch (error) {
    return { id, outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
};

/** Runs recorded cases one after another and compares each history with the recorded one. */
export const runCases = async (cases: readonly RecordedCase[]): Promise<CaseResult[]> => {
  const results: CaseResult[] = [];
  for (const recorded of cases) results.push(await runCase(recorded));
  return results;
};
