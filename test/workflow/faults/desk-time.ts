import type { VirtualClock } from '../../../local/clock.ts';
import type { Cloud } from '../../../local/cloud.ts';
import { Unacknowledged } from './people.ts';

const sweepEveryMs = 5 * 60_000;
/** Longer than the API lets a function take. */
const patienceMs = 60_000;

export type DeskTimeOptions = {
  cloud: Pick<Cloud, 'idle' | 'fireSchedule'>;
  clock: VirtualClock;
  /** Name of the rule that sweeps: it fires on the clock's fives, whatever else happens. */
  sweepRule: string;
  /** Resolves once a call is held open, so that its caller waits for time alone. */
  untilHeld: () => Promise<void>;
};

/** Time on a desk that is tested: it moves when nothing else does, from one thing that is due to the next. */
export const createDeskTime = ({ cloud, clock, sweepRule, untilHeld }: DeskTimeOptions) => {
  let nextSweepAt = Math.ceil(clock.now() / sweepEveryMs) * sweepEveryMs;

  /** Moves to whatever is due next: a timer, a sweep, or this time. */
  const pass = async (untilMs = Number.POSITIVE_INFINITY): Promise<void> => {
    await cloud.idle();
    const dueAt = Math.min(clock.nextTimer() ?? Number.POSITIVE_INFINITY, nextSweepAt, untilMs);
    await clock.advanceTo(Math.max(dueAt, clock.now()));
    if (clock.now() >= nextSweepAt) {
      nextSweepAt += sweepEveryMs;
      await cloud.fireSchedule(sweepRule);
    }
    await cloud.idle();
  };

  return {
    now: () => clock.now(),
    idle: cloud.idle,
    pass,
    passUntil: async (untilMs: number): Promise<void> => {
      while (clock.now() < untilMs) await pass(untilMs);
    },

    /**
     * The outcome of calls from outside; while a call is held open, time passes. Whoever made one that hangs itself gives up
     * after a while, and it is Unacknowledged.
     */
    during: async <Answer>(calls: Promise<Answer>): Promise<Answer> => {
      const givesUpAt = clock.now() + patienceMs;
      const settled = calls.then(
        () => true,
        () => true,
      );
      while (!(await Promise.race([settled, untilHeld().then(() => false)]))) {
        if (clock.now() >= givesUpAt) throw new Unacknowledged('no answer in time');
        await pass(givesUpAt);
      }
      return calls;
    },
  };
};

export type DeskTime = ReturnType<typeof createDeskTime>;
