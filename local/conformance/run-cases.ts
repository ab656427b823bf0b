import { historyDifference } from './compare.ts';
import { drive } from './drive.ts';
import type { RecordedCase } from './recorded-case.ts';

export type CaseResult = { id: string; outcome: 'passed' | 'failed' | 'skipped'; reason: string };

const runCase = async (recorded: RecordedCase): Promise<CaseResult> => {
  const { id, features } = recorded;
  if (features.includes('map-distributed')) {
    return { id, outcome: 'skipped', reason: 'it needs a distributed Map, which the engine refuses at load' };
  }
  try {
    const difference = historyDifference(recorded, await drive(recorded));
    return { id, outcome: difference === undefined ? 'passed' : 'failed', reason: difference ?? '' };
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
