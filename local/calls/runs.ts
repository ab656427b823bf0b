type Run = { caller: string; startedAt: number; hold: Hold | undefined };
type Hold = { placedAt: number; run: Run | undefined };

/**
 * The runs of callers that are under way, counted but while a call of theirs is held open. A call tells its caller
 * and not the run: the hold lies on the oldest run, and moves to another when it turns out to have been that one.
 */
export const createRuns = (count: (change: 1 | -1) => void) => {
  const underWay = new Set<Run>();
  let time = 0;

  const place = (hold: Hold, run: Run | undefined) => {
    hold.run = run;
    if (run === undefined) return;
    run.hold = hold;
    count(-1);
  };
  const firstUnheld = (caller: string, before: number) =>
    [...underWay].find((run) => run.caller === caller && run.hold === undefined && run.startedAt < before);

  return {
    /** The answer ends the run, once. */
    begin(caller: string): () => void {
      const run: Run = { caller, startedAt: ++time, hold: undefined };
      underWay.add(run);
      count(1);
      return () => {
        if (!underWay.delete(run)) return;
        const { hold } = run;
        if (hold === undefined) count(-1);
        else place(hold, firstUnheld(caller, hold.placedAt));
      };
    },
    /** A run of the caller does not count until the answer releases it, or it ends. */
    hold(caller: string): () => void {
      const hold: Hold = { placedAt: ++time, run: undefined };
      place(hold, firstUnheld(caller, hold.placedAt));
      return () => {
        if (hold.run === undefined) return;
        hold.run.hold = undefined;
        count(1);
      };
    },
  };
};
