import type { DeskTime } from './desk-time.ts';
import { Unacknowledged } from './people.ts';
import type { Move, Story } from './stories.ts';

const lookAgainMs = 60_000;
const firstPauseMs = 2_000;
const longestPauseMs = 15 * 60_000;

/** Plays a story until it has ended, or until this time; whoever got no answer tries again with growing pauses. True: it has ended. */
export const playUntil = async (story: Story, time: DeskTime, untilMs: number): Promise<boolean> => {
  let pauseMs = firstPauseMs;
  const act = (): Promise<Move | 'unacknowledged'> =>
    time.during(story.act()).catch((error: unknown) => {
      if (error instanceof Unacknowledged) return 'unacknowledged';
      throw error;
    });
  while (time.now() < untilMs) {
    const move = await act();
    await time.idle();
    if (move === 'ended') return true;
    if (move === 'waiting') await time.passUntil(Math.min(time.now() + lookAgainMs, untilMs));
    if (move !== 'unacknowledged') {
      pauseMs = firstPauseMs;
      continue;
    }
    await time.passUntil(Math.min(time.now() + pauseMs, untilMs));
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
  return false;
};
