import { Worker } from 'node:worker_threads';
import { exited, type FunctionError, outOfMemory, timedOut } from './function-errors.ts';
import type { InvokeMessage, WorkerMessage, WorkerSettings } from './worker-messages.ts';

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
  timeoutMs: number;
  onLog: (requestId: string | undefined, text: string) => void;
};

/** AWS gives a function's module code 10 s; a busy laptop with cold disks gets more. */
const initTimeoutMs = 30_000;

type Pending = { requestId: string; settle: (outcome: Outcome) => void };

/** Starts the thread; the module is loaded while the first event waits. */
export const startFunctionWorker = (options: FunctionWorkerOptions): FunctionWorker => {
  const { settings, environment, timeoutMs, onLog } = options;
  const thread = new Worker(new URL('./worker.ts', import.meta.url), {
    argv: [],
    env: environment,
    execArgv: [],
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
    stdout: true,
    stderr: true,
  });
  let alive = true;
  let pending: Pending | undefined;
  let failedInit: FunctionError | undefined;
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
    if (pending === undefined) failedInit ??= error;
    ready.resolve();
    settle({ ok: false, error });
    void end();
  };

  thread.on('message', (message: WorkerMessage) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'log') onLog(pending?.requestId, message.text);
    else if (message.kind === 'result') settle({ ok: true, payload: message.payload });
    else if (message.fatal) failAndEnd(message.error);
    else settle({ ok: false, error: message.error });
  });
  thread.on('error', (error: Error & { code?: string }) => {
    const requestId = pending?.requestId ?? '';
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    failAndEnd(isMemory ? outOfMemory(requestId) : { errorType: error.name, errorMessage: error.message });
  });
  thread.on('exit', (code) => {
    alive = false;
    failAndEnd(exited(pending?.requestId ?? '', code));
  });

  return {
    isAlive: () => alive,
    end,
    async run({ requestId, payload, clientContext }) {
      if (failedInit) return { ok: false, error: failedInit };
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      pending = { requestId, settle: resolve };
      const expire = () => failAndEnd(timedOut(requestId, timeoutMs));
      let timer = setTimeout(expire, initTimeoutMs);
      void ready.promise.then(() => {
        if (pending === undefined) return;
        clearTimeout(timer);
        timer = setTimeout(expire, timeoutMs);
        const message: InvokeMessage = {
          requestId,
          payload,
          clientContext,
          deadlineMs: Date.now() + timeoutMs,
        };
        thread.postMessage(message);
      });
      return promise.finally(() => clearTimeout(timer));
    },
  };
};
