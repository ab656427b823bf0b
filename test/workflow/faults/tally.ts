import { type FaultCase, idOf, mayMiss, type RecordedSites } from './cases.ts';
import type { CaseResult } from './run-case.ts';

/** What a sweep came to: its counts in one line, by name what failed in plain sight, and everything that is wrong. */
export const tallyOf = (
  recorded: readonly RecordedSites[],
  played: readonly { one: FaultCase; result: CaseResult }[],
): { summary: string; inPlainSight: string[]; wrong: string[] } => {
  const broken = played.filter(({ result }) => result.broken.length > 0);
  const seen = played.filter(({ result }) => result.broken.length === 0 && result.inPlainSight.length > 0);
  const missed = played.filter(({ result }) => result.struck === 0);
  const count = (what: (one: FaultCase) => string) => new Set(played.map(({ one }) => what(one))).size;
  const sites = new Set(recorded.flatMap(({ sites }) => sites.map(({ site }) => site)));
  const summary = [
    `${sites.size} sites, ${count(({ fault }) => fault.site)} of them struck at`,
    `${count(({ fault }) => fault.kind)} kinds`,
    `${played.length} cases`,
    `${played.length - missed.length} struck`,
    `${missed.length} not reached`,
    `${played.length - broken.length - seen.length} ended as they should`,
    `${seen.length} failed in plain sight`,
    `${broken.length} broken`,
  ].join(', ');
  return {
    summary,
    inPlainSight: seen.map(({ one, result }) => `${idOf(one)}: ${result.inPlainSight.join('; ')}`),
    wrong: [
      ...broken.map(({ one, result }) => `${idOf(one)}: ${result.broken.join('; ')}`),
      ...missed.filter(({ one }) => !mayMiss(one)).map(({ one }) => `${idOf(one)}: never struck`),
    ],
  };
};
