import { targetsOf } from './check-state.ts';
import type { Issues } from './issues.ts';
import type { Region, State } from './state-schemas.ts';

const isTerminal = (state: State): boolean =>
  state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true);

const reachableFrom = (region: Region): Set<string> => {
  const reached = new Set<string>();
  const ahead = [region.startAt];
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    const state = region.states.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    ahead.push(...targetsOf(state).map(([, target]) => target));
  }
  return reached;
};

/** Notes targets that are missing, states that nothing leads to, and a region that never ends. */
export const checkGraph = (
  region: Region,
  names: Readonly<Record<string, unknown>>,
  path: string,
  issues: Issues,
): void => {
  if (!(region.startAt in names)) issues.push(`${path}/StartAt: there is no state '${region.startAt}'`);
  for (const [name, state] of region.states) {
    for (const [field, target] of targetsOf(state)) {
      if (!(target in names)) {
        issues.push(`${path}/States/${name}/${field}: there is no state '${target}'`);
      }
    }
  }
  // A state that cannot be read leads nobody knows where.
  if (Object.keys(names).some((name) => !region.states.has(name))) return;
  const reached = reachableFrom(region);
  for (const name of region.states.keys()) {
    if (!reached.has(name)) issues.push(`${path}/States/${name}: no state leads to it`);
  }
  if (![...region.states.values()].some(isTerminal)) issues.push(`${path}: no state of it is the last`);
};
