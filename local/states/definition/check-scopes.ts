import type { Issues } from './issues.ts';
import type { Region, State } from './state-schemas.ts';

const assignedIn = (state: State): string[] => {
  const places = [
    state,
    ...(state.Type === 'Choice' ? state.Choices : []),
    ...('Catch' in state ? state.Catch : []),
  ];
  return places.flatMap((place) => ('Assign' in place ? Object.keys(place.Assign ?? {}) : []));
};

/** Notes every variable of a branch or an iteration that has the name of one outside: AWS refuses that. */
export const checkScopes = (
  region: Region,
  path: string,
  outer: ReadonlySet<string>,
  issues: Issues,
): void => {
  const own = new Set(outer);
  for (const [name, state] of region.states) {
    for (const variable of assignedIn(state)) {
      if (outer.has(variable)) {
        issues.push(`${path}/States/${name}/Assign/${variable}: there is a variable of that name outside`);
      }
      own.add(variable);
    }
  }
  for (const [name, state] of region.states) {
    const at = `${path}/States/${name}`;
    if (state.Type === 'Map') {
      // The executions of a distributed Map are others: what is outside is not seen there.
      const visible = state.config.Mode === 'DISTRIBUTED' ? new Set<string>() : own;
      checkScopes(state.processor, `${at}/ItemProcessor`, visible, issues);
    }
    if (state.Type !== 'Parallel') continue;
    for (const [index, branch] of state.branches.entries()) {
      checkScopes(branch, `${at}/Branches/${index}`, own, issues);
    }
  }
};
