import type { CaseEvent } from './recorded-case.ts';

/** Fields that AWS has added to what it answers, with the day from which it has them. */
const additions = [
  { since: '2023-11-15', fields: ['RedriveCount', 'RedriveStatus', 'RedriveStatusReason', 'RedriveDate'] },
];

/** The fields that AWS had not got yet when a case was recorded; nothing else may be missing from the recording. */
export const newerFields = (recordedAtMs: number): ReadonlySet<string> =>
  new Set(additions.filter(({ since }) => recordedAtMs < Date.parse(since)).flatMap(({ fields }) => fields));

/** Recordings up to June 2024 and those from November 2024 on differ in what a distributed Map's exit follows. */
const mapExitChanged = Date.parse('2024-11-01');

/**
 * A history as AWS would have written it when a case was recorded: MapStateExited followed MapRunSucceeded, where
 * it now follows MapRunStarted.
 */
export const asOfThen = (events: CaseEvent[], recordedAtMs: number): CaseEvent[] => {
  if (recordedAtMs >= mapExitChanged) return events;
  const runEnds = new Map(
    events
      .filter(({ type }) => type === 'MapRunSucceeded')
      .map(({ id, previousEventId }) => [previousEventId, id]),
  );
  return events.map((event) => {
    const end = event.type === 'MapStateExited' ? runEnds.get(event.previousEventId) : undefined;
    return end === undefined ? event : { ...event, previousEventId: end };
  });
};
