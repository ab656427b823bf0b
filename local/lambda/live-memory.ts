import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects this thread's garbage, twice: buffers are given back after a collection, at the latest before the next.
 * The flag shows `gc` to new contexts only, and is set no longer than it takes.
 */
const collectGarbage = () => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc(); gc()');
  setFlagsFromString('--no-expose-gc');
};

/** Bytes that heap and buffers of this thread hold when their garbage is gone. */
export const liveMemory = (): number => {
  collectGarbage();
  const { used_heap_size: heap, external_memory: buffers } = getHeapStatistics();
  return heap + buffers;
};
