import { randomUUID } from 'node:crypto';
import type { Activity } from '../calls/activity.ts';
import type { Clock } from '../clock.ts';
import { ServiceError } from '../http/service-error.ts';
import { type FunctionError, longestResponseBytes, responseTooLarge } from './function-errors.ts';
import type { AccessKey, FunctionSpec } from './function-spec.ts';
import { startFunctionWorker } from './function-worker.ts';
import { runtimeEnvironment } from './runtime-environment.ts';
import { createSandboxes } from './sandboxes.ts';

/** `payload` is JSON text; with functionError it is the error object. AWS says Unhandled for every error of Node.js. */
export type InvokeResult = { payload: string; requestId: string; functionError?: 'Handled' | 'Unhandled' };

export type FunctionRunner = {
  spec: FunctionSpec;
  /** Throws TooManyRequestsException when the reserved concurrency is used up, unless the caller may wait. */
  run(
    payload: string,
    options?: { clientContext?: string | undefined; mayWait?: boolean; requestId?: string },
  ): Promise<InvokeResult>;
  close(): Promise<void>;
};

export type RunnerOptions = {
  spec: FunctionSpec;
  region: string;
  key: AccessKey;
  endpoints: () => Record<string, string>;
  /** Workers of one function at a time. */
  concurrency: number;
  idleMs: number;
  compileCacheDir: string | undefined;
  clock: Clock;
  activity: Activity;
  log: (functionName: string, requestId: string | undefined, text: string) => void;
  onError: (line: string) => void;
};

const longestRequestBytes = 6 * 1024 * 1024;

const throttled = (reason: string) =>
  new ServiceError('TooManyRequestsException', `Rate Exceeded. (${reason})`, 429);

/** Runs one function: its workers, its reserved concurrency, its limits and its log. */
export const createFunctionRunner = (options: RunnerOptions): FunctionRunner => {
  const { spec, region, key, endpoints, concurrency, idleMs, clock, activity, log, onError } = options;
  const reserved = spec.reservedConcurrency;
  const sandboxes = createSandboxes({
    most: Math.max(1, Math.min(concurrency, reserved ?? concurrency)),
    idleMs,
    begin: () => activity.begin(spec.arn),
    start: () =>
      startFunctionWorker({
        settings: {
          codeDir: spec.codeDir,
          handler: spec.handler,
          functionName: spec.name,
          functionArn: spec.arn,
          memoryMb: spec.memoryMb,
          time: clock.memory,
        },
        environment: runtimeEnvironment(spec, { region, key, endpoints: endpoints() }),
        compileCacheDir: options.compileCacheDir,
        timeoutMs: spec.timeoutMs,
        clock,
        onLog: (requestId, text) => log(spec.name, requestId, text),
      }),
  });
  const failed = (requestId: string, error: FunctionError): InvokeResult => {
    const payload = JSON.stringify(error);
    log(spec.name, requestId, `ERROR ${payload}`);
    onError(`${spec.name} ${requestId} ${error.errorType}: ${error.errorMessage}`);
    return { payload, requestId, functionError: 'Unhandled' };
  };
  return {
    spec,
    async run(payload, { clientContext, mayWait = false, requestId = randomUUID() } = {}) {
      if (reserved === 0) throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
      if (!mayWait && reserved !== undefined && sandboxes.load() >= reserved) {
        throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
      }
      if (Buffer.byteLength(payload) > longestRequestBytes) {
        throw new ServiceError(
          'RequestEntityTooLargeException',
          `Request must be smaller than ${longestRequestBytes} bytes for the InvokeFunction operation`,
          413,
        );
      }
      const outcome = await activity.outside(() => sandboxes.run({ requestId, payload, clientContext }));
      if (!outcome.ok) return failed(requestId, outcome.error);
      const bytes = Buffer.byteLength(outcome.payload);
      return bytes > longestResponseBytes
        ? failed(requestId, responseTooLarge(bytes))
        : { payload: outcome.payload, requestId };
    },
    close: sandboxes.close,
  };
};
