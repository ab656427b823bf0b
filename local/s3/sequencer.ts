/** Hands out sequencers that only grow, across restarts too; of two changes the later compares greater as text. */
export const createSequencer = (last: string, nowMs: () => number): (() => string) => {
  let previous = last === '' ? 0 : Number.parseInt(last, 16);
  return () => {
    previous = Math.max(nowMs() * 1000, previous + 1);
    return previous.toString(16).toUpperCase().padStart(18, '0');
  };
};
