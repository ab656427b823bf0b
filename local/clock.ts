/** Time as the services see it: epoch milliseconds, and timers at absolute times. */
export type Clock = {
  now(): number;
  /** Runs `run` once `now()` has reached `atMs`; the answer cancels it. */
  setTimer(atMs: number, run: () => void): () => void;
  /** Where other threads read the time, as sharedTime does; a clock without it is the machine's own. */
  readonly memory?: SharedArrayBuffer;
  /** From now on the clock waits for this too before it moves; the answer undoes it. The machine's waits for nothing. */
  waitsFor?(untilSettled: () => Promise<void>): () => void;
};

/** A clock that stands still until told to advance. */
export type VirtualClock = Required<Clock> & {
  /** Moves time forward, running the timers that fall due in order of their times. */
  advance(ms: number): Promise<void>;
  advanceTo(atMs: number): Promise<void>;
  /** Moves to the earliest timer and runs what is set for that time; answers the time, if there was any timer. */
  advanceToNextTimer(): Promise<number | undefined>;
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

/** Resolves once the clock has reached `atMs`; rejects with the signal's reason when aborted before. */
export const untilTime = (clock: Clock, atMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.setTimer(atMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });

/** The time that a virtual clock keeps in its memory, in whole milliseconds. */
export const sharedTime = (memory: SharedArrayBuffer) => {
  const cell = new BigInt64Array(memory);
  return {
    read: () => Number(Atomics.load(cell, 0)),
    write: (ms: number) => void Atomics.store(cell, 0, BigInt(Math.trunc(ms))),
  };
};

type Timer = { atMs: number; run: () => void };

const nextLoopTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * A clock for tests; starts at `startMs` and moves only when told. Before the first timer and after each it waits
 * until what is attached has settled, so that what a timer set going can set timers of its own.
 */
export const createVirtualClock = (startMs: number, settled?: () => Promise<void>): VirtualClock => {
  const memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  const shared = sharedTime(memory);
  const timers = new Set<Timer>();
  const attached = new Set(settled && [settled]);
  let nowMs = startMs;
  shared.write(nowMs);

  const moveTo = (ms: number) => {
    nowMs = Math.max(nowMs, ms);
    shared.write(nowMs);
  };
  const earliest = (): Timer | undefined => {
    let found: Timer | undefined;
    for (const timer of timers) if (found === undefined || timer.atMs < found.atMs) found = timer;
    return found;
  };
  const settle = async () => {
    await nextLoopTurn();
    for (const untilSettled of attached) await untilSettled();
  };
  const advanceTo = async (atMs: number) => {
    await settle();
    for (let timer = earliest(); timer !== undefined && timer.atMs <= atMs; timer = earliest()) {
      timers.delete(timer);
      moveTo(timer.atMs);
      timer.run();
      await settle();
    }
    moveTo(atMs);
  };

  return {
    memory,
    now: () => nowMs,
    nextTimer: () => earliest()?.atMs,
    setTimer(atMs, run) {
      const timer = { atMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => advanceTo(nowMs + ms),
    advanceTo,
    async advanceToNextTimer() {
      await settle();
      const atMs = earliest()?.atMs;
      if (atMs !== undefined) await advanceTo(Math.max(nowMs, atMs));
      return atMs;
    },
    waitsFor(untilSettled) {
      attached.add(untilSettled);
      return () => attached.delete(untilSettled);
    },
  };
};
