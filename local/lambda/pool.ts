import { type Activity, createActivity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import type { Guard } from '../http/guard.ts';
import type { HttpHandler } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import { createAsyncEvents } from './async-events.ts';
import { createFunctionLog } from './function-log.ts';
import { createFunctionRunner, type FunctionRunner, type InvokeResult } from './function-runner.ts';
import type { AccessKey, FunctionSpec } from './function-spec.ts';
import { type Invocation, invokeApi } from './invoke-api.ts';

export type LambdaPool = {
  /** Runs the function with JSON text; a failed function is a result, an unknown or throttled one a ServiceError. */
  invoke(
    nameOrArn: string,
    payload: string,
    options?: { clientContext?: string | undefined },
  ): Promise<InvokeResult>;
  /** Resolves once the event is accepted on disk. */
  invokeAsync(nameOrArn: string, payload: string): Promise<void>;
  /** Lambda's Invoke over HTTP. */
  handler: HttpHandler;
  close(): Promise<void>;
};

export type LambdaPoolOptions = {
  functions: FunctionSpec[];
  /** The pool's own folder. */
  stateDir: string;
  /** Where `{function}.log` files go. */
  logDir: string;
  clock: Clock;
  activity?: Activity | undefined;
  region: string;
  /** AWS_ENDPOINT_URL_… of every service, read when a worker starts. */
  endpoints: () => Record<string, string>;
  keyOf: (functionArn: string) => AccessKey;
  /** Sends a function's failure to its destination. */
  sendToQueue: (sqsArn: string, body: string, functionArn: string) => Promise<void>;
  /** What stands at the door of Invoke. */
  guard?: Guard<Invocation> | undefined;
  /** Workers of one function at a time; 4 unless told. */
  concurrency?: number | undefined;
  /** Idle workers are ended after this; one minute unless told. */
  idleMs?: number | undefined;
  reach?: CallPort['reach'] | undefined;
  /** Where the code of functions is kept compiled, so that workers start sooner. */
  compileCacheDir?: string | undefined;
  /** Failures only: function, request id, error type and message. */
  onError?: ((line: string) => void) | undefined;
};

/** The name in `name`, in an ARN or in the part of one from the account on, each with a qualifier or without. */
export const functionName = (nameOrArn: string): string =>
  /(?:^|:)function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn.split(':')[0] ?? '';

/** Runs every function of the app in worker threads of its own. */
export const createLambdaPool = async (options: LambdaPoolOptions): Promise<LambdaPool> => {
  const { functions, stateDir, logDir, clock, region, endpoints, keyOf, sendToQueue } = options;
  const { concurrency = 4, idleMs = 60_000, onError = () => {} } = options;
  const activity = options.activity ?? createActivity();
  const functionLog = createFunctionLog(logDir, clock.now);
  const runners = new Map<string, FunctionRunner>();
  for (const spec of functions) {
    const key = keyOf(spec.arn);
    const log = functionLog.write;
    runners.set(
      spec.name,
      createFunctionRunner({
        spec,
        region,
        key,
        endpoints,
        concurrency,
        idleMs,
        compileCacheDir: options.compileCacheDir,
        clock,
        activity,
        log,
        onError,
      }),
    );
  }
  const runnerOf = (nameOrArn: string): FunctionRunner => {
    const runner = runners.get(functionName(nameOrArn));
    if (runner) return runner;
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404);
  };
  const events = await createAsyncEvents({
    stateDir,
    clock,
    activity,
    runnerOf: (name) => runners.get(name),
    sendToQueue,
    reach: options.reach,
    onError,
  });
  const invoke: LambdaPool['invoke'] = async (nameOrArn, payload, invokeOptions) =>
    runnerOf(nameOrArn).run(payload, invokeOptions);
  const invokeAsync: LambdaPool['invokeAsync'] = async (nameOrArn, payload) =>
    events.accept(runnerOf(nameOrArn).spec.name, payload);
  return {
    invoke,
    invokeAsync,
    handler: invokeApi({ invoke, invokeAsync }, options.guard),
    async close() {
      await Promise.all([events.close(), ...[...runners.values()].map((runner) => runner.close())]);
      await functionLog.close();
    },
  };
};
