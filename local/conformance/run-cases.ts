import { historyDifference } from './compare.ts';
import { drive } from './drive.ts';
import type { RecordedCase } from './recorded-case.ts';

export type CaseResult = { id: string; difference: string | undefined };

/** Runs recorded cases one after another and compares each history with the recorded one. */
export const runCases = async (cases: readonly RecordedCase[]): Promise<CaseResult[]> => {
  const results: CaseResult[] = [];
  for (const recorded of cases) {
    try {
      results.push({ id: recorded.id, difference: historyDifference(recorded, await drive(recorded)) });
    } catch (error) {
      results.push({ id: recorded.id, difference: error instanceof Error ? error.message : String(error) });
    }
  }
  return results;
};
