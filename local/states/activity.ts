type Kind = 'turn' | 'task';

export type Activity = {
  enter(kind: Kind): void;
  leave(kind: Kind): void;
  /** Resolves once nothing of the given kinds goes on. */
  settled(kinds: readonly Kind[]): Promise<void>;
};

/** Counts what goes on in an engine, so that tests can wait for it to come to rest. */
export const createActivity = (): Activity => {
  const counts = { turn: 0, task: 0 };
  let waiting: { kinds: readonly Kind[]; resolve: () => void }[] = [];
  const isQuiet = (kinds: readonly Kind[]) => kinds.every((kind) => counts[kind] === 0);
  return {
    enter(kind) {
      counts[kind] += 1;
    },
    leave(kind) {
      counts[kind] -= 1;
      const quiet = waiting.filter(({ kinds }) => isQuiet(kinds));
      waiting = waiting.filter((one) => !quiet.includes(one));
      for (const { resolve } of quiet) resolve();
    },
    settled: (kinds) =>
      isQuiet(kinds) ? Promise.resolve() : new Promise((resolve) => waiting.push({ kinds, resolve })),
  };
};
