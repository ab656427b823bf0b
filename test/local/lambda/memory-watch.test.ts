import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heapLimitMb, watchMemory } from '../../../local/lambda/memory-watch.ts';

const megabyte = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch of a function with 128 MB whose thread uses what `uses` says. */
const aWatch = (uses: { heapMb: number; buffersMb?: number }) => {
  const askToMeasure = vi.fn();
  const onExceeded = vi.fn();
  const getHeapStatistics = vi.fn(async () => ({
    used_heap_size: uses.heapMb * megabyte,
    external_memory: (uses.buffersMb ?? 0) * megabyte,
  }));
  const watch = watchMemory({ getHeapStatistics }, 128, { askToMeasure, onExceeded });
  return { watch, askToMeasure, onExceeded, getHeapStatistics };
};

test('a thread within its memory is left alone', async () => {
  const { askToMeasure, onExceeded } = aWatch({ heapMb: 60, buffersMb: 60 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(askToMeasure).not.toHaveBeenCalled();
  expect(onExceeded).not.toHaveBeenCalled();
});

test('beyond it a thread is asked what it holds without its garbage, once in a while', async () => {
  const { askToMeasure, onExceeded } = aWatch({ heapMb: 100, buffersMb: 60 });
  await vi.advanceTimersByTimeAsync(50);
  expect(askToMeasure).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(askToMeasure.mock.calls.length).toBeGreaterThan(5);
  expect(askToMeasure.mock.calls.length).toBeLessThan(15);
  expect(onExceeded).not.toHaveBeenCalled();
});

test('a thread that says it holds more is given up, one that says less is not', () => {
  const { watch, onExceeded } = aWatch({ heapMb: 160 });
  watch.measured(128 * megabyte);
  expect(onExceeded).not.toHaveBeenCalled();
  watch.measured(129 * megabyte);
  expect(onExceeded).toHaveBeenCalledTimes(1);
});

test('a thread that takes a multiple is given up unasked', async () => {
  const { askToMeasure, onExceeded } = aWatch({ heapMb: 10, buffersMb: 700 });
  await vi.advanceTimersByTimeAsync(50);
  expect(onExceeded).toHaveBeenCalledTimes(1);
  expect(askToMeasure).not.toHaveBeenCalled();
  expect(700).toBeLessThan(heapLimitMb(128));
});

test('a thread that has not begun is looked at again', async () => {
  const { askToMeasure, getHeapStatistics } = aWatch({ heapMb: 160 });
  getHeapStatistics.mockRejectedValueOnce(new Error('not running'));
  await vi.advanceTimersByTimeAsync(50);
  expect(askToMeasure).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(50);
  expect(askToMeasure).toHaveBeenCalledTimes(1);
});

test('a watch that was stopped says nothing more', async () => {
  const { watch, askToMeasure, onExceeded, getHeapStatistics } = aWatch({ heapMb: 700 });
  watch.stop();
  watch.measured(700 * megabyte);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(getHeapStatistics).not.toHaveBeenCalled();
  expect(askToMeasure).not.toHaveBeenCalled();
  expect(onExceeded).not.toHaveBeenCalled();
});
