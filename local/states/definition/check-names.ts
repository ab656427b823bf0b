import type { Issues } from './issues.ts';
import type { Region } from './state-schemas.ts';

/** Notes a name that two states of a machine have, wherever they stand. */
export const checkNames = (
  region: Region,
  path: string,
  issues: Issues,
  seen: Set<string> = new Set(),
): void => {
  for (const name of region.states.keys()) {
    if (seen.has(name)) issues.push(`${path}/States/${name}: another state has that name too`);
    seen.add(name);
  }
  for (const [name, state] of region.states) {
    const at = `${path}/States/${name}`;
    if (state.Type === 'Map') checkNames(state.processor, `${at}/ItemProcessor`, issues, seen);
    if (state.Type !== 'Parallel') continue;
    for (const [index, branch] of state.branches.entries()) {
      checkNames(branch, `${at}/Branches/${index}`, issues, seen);
    }
  }
};
