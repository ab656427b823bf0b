import { AsyncLocalStorage } from 'node:async_hooks';
import { createRuns } from './runs.ts';

/** Counts what is in motion anywhere in the cloud, so that virtual time moves only when nothing is. */
export type Activity = {
  /** Something has begun, as a run of a caller (its ARN) if one is named; the answer ends it, once. */
  begin(caller?: string): () => void;
  /** Counts `work` until it is done. Where it waits for what counts itself, or for the clock, it calls `outside`. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
  /** While it waits so, the innermost `during` around it does not count. */
  outside<Result>(wait: () => Promise<Result>): Promise<Result>;
  /** As `outside`, for a call that is held open: the run of the caller that waits for it does not count either. */
  held<Result>(caller: string, wait: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing is in motion. */
  idle(): Promise<void>;
};

type Piece = { isCounted: boolean; isOver: boolean };

const nextLoopTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export const createActivity = (): Activity => {
  const current = new AsyncLocalStorage<Piece>();
  let underWay = 0;
  let begun = 0;
  let waiting: (() => void)[] = [];

  const count = (change: 1 | -1) => {
    underWay += change;
    if (change > 0) begun += 1;
    if (underWay > 0) return;
    const released = waiting;
    waiting = [];
    for (const release of released) release();
  };
  const runs = createRuns(count);
  const setCounted = (piece: Piece, isCounted: boolean) => {
    if (piece.isCounted === isCounted) return;
    piece.isCounted = isCounted;
    count(isCounted ? 1 : -1);
  };

  const outside: Activity['outside'] = async (wait) => {
    const piece = current.getStore();
    if (piece === undefined || !piece.isCounted) return wait();
    try {
      const waited = wait();
      setCounted(piece, false);
      return await waited;
    } finally {
      if (!piece.isOver) setCounted(piece, true);
    }
  };

  return {
    begin: (caller = '') => runs.begin(caller),
    async during(work) {
      const piece = { isCounted: false, isOver: false };
      setCounted(piece, true);
      try {
        return await current.run(piece, work);
      } finally {
        piece.isOver = true;
        setCounted(piece, false);
      }
    },
    outside,
    async held(caller, wait) {
      const release = runs.hold(caller);
      try {
        return await outside(wait);
      } finally {
        release();
      }
    },
    async idle() {
      for (let seen = -1; seen !== begun; ) {
        while (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
        seen = begun;
        // One thing's end and the beginning of what follows from it may lie some promises apart.
        await nextLoopTurn();
      }
    },
  };
};
