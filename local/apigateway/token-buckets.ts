import type { Clock } from '../clock.ts';
import type { ThrottleSpec } from './rest-api-spec.ts';

/** Token buckets by name: `burstLimit` deep, refilled with `rateLimit` tokens a second. */
export const createTokenBuckets = (clock: Clock) => {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    /** Takes a token; false when there is none. */
    take(name: string, { rateLimit, burstLimit }: ThrottleSpec): boolean {
      const now = clock.now();
      const { tokens, atMs } = buckets.get(name) ?? { tokens: burstLimit, atMs: now };
      const refilled = Math.min(burstLimit, tokens + ((now - atMs) / 1000) * rateLimit);
      const granted = refilled >= 1;
      buckets.set(name, { tokens: granted ? refilled - 1 : refilled, atMs: now });
      return granted;
    },
  };
};
