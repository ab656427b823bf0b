import { type CaseEvent, detailsOf } from './recorded-case.ts';

/** An event, the branch it belongs to, and the place in that branch of the event it follows. */
export type Branched = { event: CaseEvent; branch: string; previousInBranch: number | undefined };

const joins = /^(Map|Parallel)State(Succeeded|Failed|Exited)$/;

/** Rebuilds the branches of a history by following previousEventId; '' is the main line. */
export const branchesOf = (events: readonly CaseEvent[]): Branched[] => {
  const paths = new Map<number | null, string[]>();
  const types = new Map<number | null, string>();
  const places = new Map<number | null, { branch: string; at: number }>();
  const lengths = new Map<string, number>();
  /** The branch in which each fork state stands, by the state's name. */
  const homes = new Map<string, string[]>();

  return events.map((event) => {
    const name = String(detailsOf(event).name ?? '');
    let path = paths.get(event.previousEventId) ?? [];
    if (event.type === 'MapIterationStarted') {
      path = [...(homes.get(name) ?? []), `${name}[${detailsOf(event).index}]`];
    } else if (types.get(event.previousEventId) === 'ParallelStateStarted') {
      path = [...path, name];
    } else if (joins.test(event.type)) {
      path = homes.get(name) ?? path.slice(0, -1);
    } else if (event.type.startsWith('Execution')) {
      path = [];
    }
    if (/^(Map|Parallel)StateEntered$/.test(event.type)) homes.set(name, path);
    const branch = path.join('/');
    const at = lengths.get(branch) ?? 0;
    lengths.set(branch, at + 1);
    paths.set(event.id, path);
    types.set(event.id, event.type);
    places.set(event.id, { branch, at });
    const previous = places.get(event.previousEventId);
    return { event, branch, previousInBranch: previous?.branch === branch ? previous.at : undefined };
  });
};
