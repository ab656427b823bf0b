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

// setTimeout fires at once beyond a 32-bit delay (about 24.8 days).
const longestDelayMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(atMs, run) {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const delay = atMs - Date.now();
      handle = delay > longestDelayMs ? setTimeout(arm, longestDelayMs) : setTimeout(run, Math.max(0, delay));
    };
    arm();
    return () => clearTimeout(handle);
  },
};

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock for tests; starts at `startMs` and moves only by `advance`. */
export const createVirtualClock = (startMs: number): VirtualClock => {
  let nowMs = startMs;
  let sequence = 0;
  const timers = new Map<number, { atMs: number; run: () => void }>();
  const earliest = () => {
    let found: { id: number; atMs: number; run: () => void } | undefined;
    for (const [id, timer] of timers) {
      if (found === undefined || timer.atMs < found.atMs) found = { id, ...timer };
    }
    return found;
  };
  return {
    now: () => nowMs,
    nextTimer: () => earliest()?.atMs,
    setTimer(atMs, run) {
      const id = sequence++;
      timers.set(id, { atMs, run });
      return () => timers.delete(id);
    },
    async advance(ms) {
      const until = nowMs + ms;
      await settle();
      for (let timer = earliest(); timer !== undefined && timer.atMs <= until; timer = earliest()) {
        timers.delete(timer.id);
        nowMs = Math.max(nowMs, timer.atMs);
        timer.run();
        await settle();
      }
      nowMs = until;
    },
  };
};
