import * as z from 'zod';
import type { RuleName } from './rules.ts';

const entrySchema = z.object({ version: z.int().min(1), from: z.iso.date() });
type Entry = z.infer<typeof entrySchema>;

/**
 * Which versions of each document hold from which day on: those of today and those to come. It may name documents that
 * this release does not know. `edition` rises with every load.
 */
export const ruleIndexSchema = z.object({
  edition: z.int(),
  versions: z.record(z.string(), z.array(entrySchema)),
  /** The last version of each document, in force or not. */
  latest: z.record(z.string(), z.int()),
});
export type RuleIndex = z.infer<typeof ruleIndexSchema>;

export const emptyIndex: RuleIndex = { edition: 0, versions: {}, latest: {} };

const laterOf = (a: Entry, b: Entry): Entry =>
  b.from > a.from || (b.from === a.from && b.version > a.version) ? b : a;

/** The version of a document that holds on a day: the one that began last; 0 while none has begun. */
export const versionOn = ({ versions }: RuleIndex, name: RuleName, day: string): number => {
  const begun = (versions[name] ?? []).filter(({ from }) => from <= day);
  return begun.length === 0 ? 0 : begun.reduce(laterOf).version;
};

/** The index after another version of a document; versions that can hold on no day from today on are forgotten. */
export const withVersion = (
  index: RuleIndex,
  name: RuleName,
  { from, today }: { from: string; today: string },
): { index: RuleIndex; version: number } => {
  const version = (index.latest[name] ?? 0) + 1;
  const entries = [...(index.versions[name] ?? []), { version, from }];
  const begun = entries.filter((entry) => entry.from <= today);
  const kept = [
    ...begun.slice(0, 1).map(() => begun.reduce(laterOf)),
    ...entries.filter((entry) => entry.from > today),
  ];
  return {
    version,
    index: {
      edition: index.edition + 1,
      versions: { ...index.versions, [name]: kept },
      latest: { ...index.latest, [name]: version },
    },
  };
};
