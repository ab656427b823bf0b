import type { Activity as CloudActivity } from '../calls/activity.ts';

type Kind = 'turn' | 'task';

export type Activity = {
  enter(kind: Kind): void;
  leave(kind: Kind): void;
  /** Resolves once nothing of the given kinds goes on. */
  settled(kinds: readonly Kind[]): Promise<void>;
};

/** Counts what goes on in an engine, so that tests can wait for it to come to rest; its turns count in the cloud too. */
export const createActivity = (cloud?: CloudActivity): Activity => {
  const endsInCloud: (() => void)[] = [];
  const counts = { turn: 0, task: 0 };
  let waiting: { kinds: readonly Kind[]; resolve: () => void }[] = [];
  const isQuiet = (kinds: readonly Kind[]) => kinds.every((kind) => counts[kind] === 0);
  return {
    enter(kind) {
      counts[kind] += 1;
      if (kind === 'turn' && cloud) endsInCloud.push(cloud.begin());
    },
    leave(kind) {
      counts[kind] -= 1;
      if (kind === 'turn') endsInCloud.pop()?.();
      const quiet = waiting.filter(({ kinds }) => isQuiet(kinds));
      waiting = waiting.filter((one) => !quiet.includes(one));
      for (const { resolve } of quiet) resolve();
    },
    settled: (kinds) =>
      isQuiet(kinds) ? Promise.resolve() : new Promise((resolve) => waiting.push({ kinds, resolve })),
  };
};
