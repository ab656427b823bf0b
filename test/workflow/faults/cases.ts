import type { Fault, FaultKind } from '../../../local/calls/fault.ts';
import type { TracedSite } from '../../../local/calls/fault-port.ts';
import type { StoryName } from './plays.ts';
import { allOf } from './service-outage.ts';

/** One fault in one story. */
export type FaultCase = {
  story: StoryName;
  fault: Fault;
  /** How often a function's SDK client tries a call: as it does by default, or once, so that the fault meets the app itself. */
  tries: 'many' | 'once';
  /** How often the site is called without a fault. */
  calls: number;
};

/** The sites that a story passed, with nothing of what the test itself asked for. */
export type RecordedSites = { story: StoryName; sites: readonly TracedSite[] };

const nths = [1, 2, 'every'] as const;

/** `<site>|<kind>|<nth>|<story>|<tries>`, as it is printed and as FAULT_CASE takes it, with or without its last parts. */
export const idOf = ({ story, tries, fault: { site, kind, nth } }: FaultCase): string =>
  [site, kind, nth, story, tries].join('|');

export const isNamed = (fault: FaultCase, name: string): boolean =>
  idOf(fault) === name || idOf(fault).startsWith(`${name}|`);

/** A client that tries many times does not outlast a fault that every call meets, but only takes longer. */
const triesOf = (nth: Fault['nth']): FaultCase['tries'][] => (nth === 'every' ? ['once'] : ['many', 'once']);

const casesOf = (story: StoryName, { site, kinds, count }: Pick<TracedSite, 'site' | 'kinds' | 'count'>) =>
  kinds.flatMap((kind) =>
    nths.flatMap((nth) =>
      triesOf(nth).map((tries): FaultCase => ({ story, tries, fault: { site, kind, nth }, calls: count })),
    ),
  );

/** Outages of whole services, which last, of every kind that any of its calls can meet. */
const outagesOf = ({ story, sites }: RecordedSites): FaultCase[] =>
  [...Map.groupBy(sites, ({ service }) => service)].flatMap(([service, own]) => {
    const kinds = [...new Set(own.flatMap((site) => site.kinds))];
    const count = own.reduce((sum, site) => sum + site.count, 0);
    return casesOf(story, { site: allOf(service), kinds, count }).filter(
      ({ fault }) => fault.nth === 'every',
    );
  });

/** Every fault of every site, in every story that passed it, and every outage of a whole service. */
export const allCases = (recorded: readonly RecordedSites[]): FaultCase[] =>
  recorded.flatMap((one) => [...one.sites.flatMap((site) => casesOf(one.story, site)), ...outagesOf(one)]);

/** Numbers from 0 to 1 that follow from the seed. */
const chanceOf = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const shuffled = <Value>(values: readonly Value[], chance: () => number): Value[] =>
  values
    .map((value) => ({ value, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);

/** Faults that some calls of a site can meet and others not. */
const picky: ReadonlySet<FaultKind> = new Set(['conflict', 'partial']);

/** Without a fault the site is not called a second time, or not so that it can fail so: such a case may strike nothing. */
export const mayMiss = ({ fault: { kind, nth }, calls }: FaultCase): boolean =>
  nth !== 1 && (calls <= 1 || picky.has(kind));

const traitsOf = ({ story, tries, fault: { site, kind, nth } }: FaultCase) => [
  { trait: `site ${site}`, weight: 1_000_000 },
  { trait: `kind ${kind}`, weight: 1_000 },
  { trait: `nth ${nth}`, weight: 10 },
  { trait: `tries ${tries}`, weight: 5 },
  { trait: `story ${story}`, weight: 1 },
];

/**
 * So many cases, the same for the same seed: always one of the site that has come least often as yet, and among its cases
 * one of the kind, then of the nth, that has come least often. A second call that is not made without a fault comes last.
 */
export const sampleOf = (cases: readonly FaultCase[], size: number, seed: number): FaultCase[] => {
  const left = new Set(shuffled(cases, chanceOf(seed)));
  const taken = new Map<string, number>();
  const rankOf = (one: FaultCase): number =>
    traitsOf(one).reduce(
      (rank, { trait, weight }) => rank + weight * (taken.get(trait) ?? 0),
      one.fault.nth === 2 && mayMiss(one) ? 1e12 : 0,
    );
  const sample: FaultCase[] = [];
  while (sample.length < size && left.size > 0) {
    const [next] = [...left].map((one) => ({ one, rank: rankOf(one) })).sort((a, b) => a.rank - b.rank);
    if (!next) break;
    left.delete(next.one);
    sample.push(next.one);
    for (const { trait } of traitsOf(next.one)) taken.set(trait, (taken.get(trait) ?? 0) + 1);
  }
  return sample;
};
