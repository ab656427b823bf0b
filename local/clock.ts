/** Time as the services see it: epoch milliseconds, and timers at absolute times. */
export type Clock = {
  now(): number;
  /** Runs `run` once `now()` has reached `atMs`; the answer cancels it. */
  setTimer(atMs: number, run: () => void): () => void;
};

/** A clock that stands still until told to advance. */
export type VirtualClock = Clock & {
  /** Moves time forward, running the timers that fall due in order of their times. */
  advance(ms: number): Promise<void>;
  /** The time of the earliest timer still set, if any. */
  nextTimer(): number | undefined;
};

// setTimeout fires at once for a delay beyond 32 bits (about 24.8 days).
const longestDelayMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(atMs, run) {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const delayMs = Math.max(0, atMs - Date.now());
      // setTimeout may fire a millisecond early, and the clock may have been set back meanwhile.
      handle = setTimeout(() => (Date.now() < atMs ? arm() : run()), Math.min(delayMs, longestDelayMs));
    };
    arm();
    return () => clearTimeout(handle);
  },
};

type Timer = { atMs: number; run: () => void };

const nextLoopTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * A clock for tests; starts at `startMs` and moves only by `advance`. Between two timers it waits for `settled`,
 * so that what the first set going can set timers of its own.
 */
export const createVirtualClock = (
  startMs: number,
  settled: () => Promise<void> = nextLoopTurn,
): VirtualClock => {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const earliest = (): Timer | undefined => {
    let found: Timer | undefined;
    for (const timer of timers) if (found === undefined || timer.atMs < found.atMs) found = timer;
    return found;
  };
  return {
    now: () => nowMs,
    nextTimer: () => earliest()?.atMs,
    setTimer(atMs, run) {
      const timer = { atMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settled();
      for (let timer = earliest(); timer !== undefined && timer.atMs <= untilMs; timer = earliest()) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.atMs);
        timer.run();
        await settled();
      }
      nowMs = untilMs;
    },
  };
};
