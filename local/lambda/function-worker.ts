import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { exited, type FunctionError, outOfMemory, thrown, timedOut } from './function-errors.ts';
import { heapLimitMb, type MemoryWatch, watchMemory } from './memory-watch.ts';
import {
  type HostMessage,
  type WorkerMessage,
  type WorkerSettings,
  workerMessageSchema,
} from './worker-messages.ts';

export type Invocation = { requestId: string; payload: string; clientContext: string | undefined };
export type Outcome = { ok: true; payload: string } | { ok: false; error: FunctionError };

/** One sandbox: a worker thread that handles one event at a time until it is ended or ends itself. */
export type FunctionWorker = {
  run(invocation: Invocation): Promise<Outcome>;
  /** False once the thread has ended or is about to: its next event needs another one. */
  isAlive(): boolean;
  end(): Promise<void>;
};

export type FunctionWorkerOptions = {
  settings: WorkerSettings;
  environment: Record<string, string>;
  /** Where compiled code is kept for the next worker. */
  compileCacheDir: string | undefined;
  timeoutMs: number;
  /** AWS gives a function's module code 10 s; a busy laptop with cold disks gets 30 unless told. */
  initTimeoutMs?: number;
  clock: Clock;
  onLog: (requestId: string | undefined, text: string) => void;
};

type Pending = { requestId: string; settle: (outcome: Outcome) => void };

/** Runs `expire` after so long on the cloud's clock; one that may stand still does not keep an endless loop alive. */
const setTimeLimit = (clock: Clock, ms: number, expire: () => void): (() => void) => {
  const cancel = clock.setTimer(clock.now() + ms, expire);
  const guard = clock.memory && setTimeout(expire, ms);
  return () => {
    cancel();
    clearTimeout(guard);
  };
};

/** Starts the thread; the module is loaded while the first event waits. */
export const startFunctionWorker = (options: FunctionWorkerOptions): FunctionWorker => {
  const { settings, environment, compileCacheDir, timeoutMs, clock, onLog } = options;
  const thread = new Worker(new URL('./worker.ts', import.meta.url), {
    argv: [],
    env: { ...environment, ...(compileCacheDir && { NODE_COMPILE_CACHE: compileCacheDir }) },
    execArgv: [],
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: heapLimitMb(settings.memoryMb) },
    stdout: true,
    stderr: true,
  });
  let alive = true;
  let pending: Pending | undefined;
  let fatalError: FunctionError | undefined;
  let memory: MemoryWatch | undefined;
  const ready = Promise.withResolvers<void>();

  const settle = (outcome: Outcome) => {
    const settled = pending;
    pending = undefined;
    settled?.settle(outcome);
  };
  const end = async () => {
    alive = false;
    await thread.terminate();
  };
  const failAndEnd = (error: FunctionError) => {
    if (pending === undefined && alive) {
      fatalError ??= error;
      onLog(undefined, `ERROR ${JSON.stringify(error)}`);
    }
    ready.resolve();
    settle({ ok: false, error });
    void end();
  };

  const failOfMemory = () => failAndEnd(outOfMemory(pending?.requestId ?? ''));
  const say = (message: HostMessage) => thread.postMessage(message);

  const receive = (message: WorkerMessage) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'log') onLog(pending?.requestId, message.text);
    else if (message.kind === 'memory') memory?.measured(message.bytes);
    else if (message.kind === 'result') settle({ ok: true, payload: message.payload });
    else if (message.fatal) failAndEnd(message.error);
    else settle({ ok: false, error: message.error });
  };
  thread.on('message', (message: unknown) => {
    const { data } = workerMessageSchema.safeParse(message);
    if (data) receive(data);
  });
  thread.on('error', (error: unknown) => {
    const isMemory = error instanceof Error && Reflect.get(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY';
    if (isMemory) failOfMemory();
    else failAndEnd(thrown(error));
  });
  thread.on('exit', (code) => {
    failAndEnd(exited(pending?.requestId ?? '', code));
    alive = false;
  });

  return {
    isAlive: () => alive,
    end,
    async run({ requestId, payload, clientContext }) {
      if (fatalError) return { ok: false, error: fatalError };
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      pending = { requestId, settle: resolve };
      const expire = () => failAndEnd(timedOut(requestId, timeoutMs));
      const { initTimeoutMs = 30_000 } = options;
      const initTimer = setTimeout(expire, initTimeoutMs);
      const watch = watchMemory(thread, settings.memoryMb, {
        askToMeasure: () => say({ kind: 'measure' }),
        onExceeded: failOfMemory,
      });
      memory = watch;
      let cancelLimit = () => clearTimeout(initTimer);
      void ready.promise.then(() => {
        if (pending === undefined) return;
        cancelLimit();
        cancelLimit = setTimeLimit(clock, timeoutMs, expire);
        const deadlineMs = clock.now() + timeoutMs;
        say({ kind: 'invoke', requestId, payload, clientContext, deadlineMs });
      });
      return promise.finally(() => {
        cancelLimit();
        watch.stop();
      });
    },
  };
};
