import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';

/** What one evaluation may use; depth and bytes were measured on AWS. */
const evaluationLimits = { depth: 100, bytes: 6_990_256, milliseconds: 5_000 };

/** How long an evaluation may hold the event loop at a time. */
const sliceMs = 20;
const numberBytes = 8;

type Stopwatch = { spentMs: number; sliceStartMs: number };

/** One call of jsonata's evaluate. Those of an object's fields run side by side, so a plain counter would not do. */
type Activation = {
  parent: Activation | undefined;
  depth: number;
  stopwatch: Stopwatch;
  /** False until its own code runs: before, whatever runs in its context is still its caller's code. */
  hasBegun: boolean;
  isOver: boolean;
};

const storage = new AsyncLocalStorage<Activation>();

const current = (): Activation | undefined => {
  let activation = storage.getStore();
  while (activation !== undefined && (activation.isOver || !activation.hasBegun))
    activation = activation.parent;
  return activation;
};

const takeTime = async (stopwatch: Stopwatch): Promise<void> => {
  const sliceMsSoFar = performance.now() - stopwatch.sliceStartMs;
  if (stopwatch.spentMs + sliceMsSoFar > evaluationLimits.milliseconds) {
    throw new Error('Expression evaluation timeout: Check for infinite loop');
  }
  if (sliceMsSoFar < sliceMs) return;
  stopwatch.spentMs += sliceMsSoFar;
  // At once, or each of the fields that run side by side would count the same slice.
  stopwatch.sliceStartMs = performance.now();
  await setImmediate();
  stopwatch.sliceStartMs = performance.now();
};

const begin = async (activation: Activation): Promise<void> => {
  await takeTime(activation.stopwatch);
  activation.hasBegun = true;
};

/** jsonata calls it when it begins to evaluate a node. */
export const onEntry = (): Promise<void> | undefined => {
  const parent = current();
  if (parent === undefined) return undefined;
  const depth = parent.depth + 1;
  if (depth > evaluationLimits.depth) {
    throw new Error(
      'Stack overflow error: Check for non-terminating recursive function. ' +
        `Consider rewriting as tail-recursive. Depth=${depth} max=${evaluationLimits.depth}`,
    );
  }
  const activation = { parent, depth, stopwatch: parent.stopwatch, hasBegun: false, isOver: false };
  storage.enterWith(activation);
  return begin(activation);
};

const isTooMuch = (result: unknown): boolean => {
  if (typeof result === 'string') return result.length > evaluationLimits.bytes;
  return Array.isArray(result) && result.length * numberBytes > evaluationLimits.bytes;
};

/** jsonata calls it with what a node evaluates to. */
export const onExit = (_node: unknown, _input: unknown, _environment: unknown, result: unknown): void => {
  const activation = current();
  if (activation !== undefined) activation.isOver = true;
  if (isTooMuch(result)) throw memoryExceeded();
};

export const memoryExceeded = (): Error =>
  new Error('Expression evaluation memory limit exceeded: Check for excessive memory usage');

/** Runs an evaluation within the limits; it fails where it goes beyond, and lets others run meanwhile. */
export const withinBudget = <T>(evaluate: () => Promise<T>): Promise<T> => {
  const stopwatch = { spentMs: 0, sliceStartMs: performance.now() };
  const root = { parent: undefined, depth: 0, stopwatch, hasBegun: true, isOver: false };
  return storage.run(root, evaluate);
};
