import type { JsonValue } from '../json.ts';
import { asOfThen, newerFields } from './aws-changes.ts';
import { type Branched, branchesOf } from './branches.ts';
import { differenceIn } from './match.ts';
import { type CaseEvent, detailsOf, type RecordedCase } from './recorded-case.ts';

const label = (event: CaseEvent | undefined, at: number) =>
  `event ${event?.id ?? at + 1} ${event?.type ?? ''}`;

const firstDifference = (
  expected: readonly CaseEvent[],
  actual: readonly CaseEvent[],
  withIds: boolean,
  newer: ReadonlySet<string>,
): string | undefined => {
  for (let at = 0; at < Math.max(expected.length, actual.length); at += 1) {
    const one = expected[at];
    const other = actual[at];
    if (one?.type !== other?.type)
      return `${label(one ?? other, at)}: expected ${one?.type}, found ${other?.type}`;
    if (one === undefined || other === undefined) continue;
    const keep = ({ id, previousEventId, ...rest }: CaseEvent): JsonValue =>
      withIds ? { id, previousEventId, ...rest } : rest;
    const difference = differenceIn(keep(one), keep(other), label(one, at), newer);
    if (difference !== undefined) return difference;
  }
  return undefined;
};

const isConcurrent = (definition: JsonValue): boolean => {
  if (definition === null || typeof definition !== 'object') return false;
  if (Array.isArray(definition)) return definition.some(isConcurrent);
  if (definition.Type === 'Parallel') return true;
  if (definition.Type === 'Map' && definition.MaxConcurrency !== 1) return true;
  return Object.values(definition).some(isConcurrent);
};

const grouped = (events: readonly Branched[]): Map<string, Branched[]> =>
  Map.groupBy(events, ({ branch }) => branch);

/** Branch by branch: the same events in the same order, each after the same event of its branch. */
const branchDifference = (
  expected: readonly CaseEvent[],
  actual: readonly CaseEvent[],
  newer: ReadonlySet<string>,
): string | undefined => {
  const wanted = grouped(branchesOf(expected));
  const found = grouped(branchesOf(actual));
  for (const branch of new Set([...wanted.keys(), ...found.keys()])) {
    const want = wanted.get(branch) ?? [];
    const have = found.get(branch) ?? [];
    const strip = (list: readonly Branched[]) => list.map(({ event }) => event);
    const difference = firstDifference(strip(want), strip(have), false, newer);
    if (difference !== undefined) return `in ${branch || 'the main line'}: ${difference}`;
    for (const [at, one] of want.entries()) {
      if (one.previousInBranch !== have[at]?.previousInBranch) {
        return `in ${branch || 'the main line'}: ${label(one.event, at)} follows another event`;
      }
    }
  }
  return undefined;
};

const sortKey = (event: CaseEvent): string =>
  `${event.type} ${JSON.stringify(detailsOf(event).name ?? null)}`;

/** For recordings that lost ids and order inside Parallel branches: outside one to one, inside as a set. */
const unorderedDifference = (
  expected: readonly CaseEvent[],
  actual: readonly CaseEvent[],
  newer: ReadonlySet<string>,
): string | undefined => {
  const inside = new Set(
    branchesOf(actual)
      .filter(({ branch }) => branch !== '')
      .map(({ event }) => event),
  );
  const sorted = (events: CaseEvent[]) =>
    events.sort((one, other) => sortKey(one).localeCompare(sortKey(other)));
  return (
    firstDifference(
      expected.filter(({ id }) => id !== null),
      actual.filter((event) => event.type !== 'ParallelStateSucceeded' && !inside.has(event)),
      true,
      newer,
    ) ??
    firstDifference(
      sorted(expected.filter(({ id }) => id === null)),
      sorted(actual.filter((event) => inside.has(event))),
      false,
      newer,
    )
  );
};

/** The first difference between a recorded history and the one the engine wrote, or undefined. */
export const historyDifference = (recorded: RecordedCase, written: CaseEvent[]): string | undefined => {
  const actual = asOfThen(written, recorded.recorded);
  const newer = newerFields(recorded.recorded);
  if (recorded.unordered) return unorderedDifference(recorded.events, actual, newer);
  if (isConcurrent(recorded.definition)) return branchDifference(recorded.events, actual, newer);
  return firstDifference(recorded.events, actual, true, newer);
};
