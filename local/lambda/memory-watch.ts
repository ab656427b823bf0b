const megabyte = 1024 * 1024;
const everyMs = 50;
/** Looks between two requests to measure: a collection stops the function for a while. */
const looksBetweenMeasures = 20;

/** What a function may hold before it is ended at once. Garbage counts, of which V8 lets much gather. */
const mostMb = (memoryMb: number): number => 3 * memoryMb + 256;

/**
 * V8's own limit for a thread. It must lie out of reach of one that is watched, single large arrays included: where V8
 * finds no room it ends the process and not the thread.
 */
export const heapLimitMb = (memoryMb: number): number => mostMb(memoryMb) + 2048;

type Watched = { getHeapStatistics(): Promise<{ used_heap_size: number; external_memory: number }> };

export type MemoryWatch = {
  /** Says what the thread holds after it has collected its garbage. */
  measured(bytes: number): void;
  stop(): void;
};

/**
 * Watches heap and buffers of a working thread from outside, even in an endless loop. Where they exceed the function's
 * memory the thread is asked to collect its garbage and measure; one that is too busy to answer may take a multiple.
 */
export const watchMemory = (
  thread: Watched,
  memoryMb: number,
  { askToMeasure, onExceeded }: { askToMeasure: () => void; onExceeded: () => void },
): MemoryWatch => {
  let looksUntilMeasure = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const judge = (bytes: number) => {
    looksUntilMeasure -= 1;
    if (bytes > mostMb(memoryMb) * megabyte) return onExceeded();
    if (bytes <= memoryMb * megabyte || looksUntilMeasure > 0) return;
    looksUntilMeasure = looksBetweenMeasures;
    askToMeasure();
  };
  const look = async () => {
    try {
      const { used_heap_size: heap, external_memory: buffers } = await thread.getHeapStatistics();
      if (!isStopped) judge(heap + buffers);
    } catch {
      // It has not begun yet, or has ended.
    }
    if (!isStopped) timer = setTimeout(look, everyMs);
  };
  timer = setTimeout(look, everyMs);

  return {
    measured(bytes) {
      if (!isStopped && bytes > memoryMb * megabyte) onExceeded();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
};
