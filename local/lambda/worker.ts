import { existsSync } from 'node:fs';
import { flushCompileCache, isBuiltin, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { sharedTime } from '../clock.ts';
import { replaceDate } from './cloud-date.ts';
import { thrown } from './function-errors.ts';
import { liveMemory } from './live-memory.ts';
import { keepSignalsInThread } from './own-process.ts';
import type { HostMessage, InvokeMessage, WorkerMessage, WorkerSettings } from './worker-messages.ts';

// No schema library here: every worker would load it again before its function.
const settings: WorkerSettings = workerData;
// Node has read it; to the function its environment is Lambda's.
delete process.env.NODE_COMPILE_CACHE;
if (settings.time) replaceDate(sharedTime(settings.time).read);

const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread only.');
const send = (message: WorkerMessage) => port.postMessage(message);

const write = (chunk: string | Uint8Array): boolean => {
  send({ kind: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8') });
  return true;
};
const takeOver = (stream: NodeJS.WriteStream) => {
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown) => {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') queueMicrotask(() => done());
    return write(chunk);
  };
};
takeOver(process.stdout);
takeOver(process.stderr);
keepSignalsInThread();

const isInOwnCode = (specifier: string) =>
  existsSync(join(settings.codeDir, 'node_modules', ...specifier.split('/').slice(0, 2)));

/** The runtime carries the AWS SDK; everything else a function imports must lie in its own code. */
const comesWithRuntime = (specifier: string) =>
  /^@(aws-sdk|smithy|aws|aws-crypto)\//.test(specifier) && !isInOwnCode(specifier);
const codeUrl = pathToFileURL(`${settings.codeDir}/`).href;
const hasPackageJson = existsSync(join(settings.codeDir, 'package.json'));

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!context.parentURL?.startsWith(codeUrl) || isBuiltin(specifier))
      return nextResolve(specifier, context);
    if (comesWithRuntime(specifier))
      return nextResolve(specifier, { ...context, parentURL: import.meta.url });
    const resolved = nextResolve(specifier, context);
    if (resolved.url.startsWith(codeUrl)) return resolved;
    throw Object.assign(new Error(`Cannot find package '${specifier}' imported from ${context.parentURL}`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
  },
  load(url, context, nextLoad) {
    const isBareScript = url.startsWith(codeUrl) && url.endsWith('.js') && !hasPackageJson;
    return nextLoad(url, isBareScript ? { ...context, format: 'commonjs' } : context);
  },
});

type Handler = (event: unknown, context: object) => unknown;
type Exports = { [name: string]: unknown };

const isHandler = (value: unknown): value is Handler => typeof value === 'function';
const isExports = (value: unknown): value is Exports => typeof value === 'object' && value !== null;

/** A CommonJS file shows its exports under `default` when none can be told by reading it. */
const findHandler = (loaded: Exports, name: string): Handler | undefined => {
  const inDefault = isExports(loaded.default) ? loaded.default[name] : undefined;
  return [loaded[name], inDefault].find(isHandler);
};

class RuntimeError extends Error {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

const notFound = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code));

/** Errors of the module's own code stay what they are. */
const importFailure = (cause: unknown): unknown => {
  if (cause instanceof SyntaxError)
    return new RuntimeError('Runtime.UserCodeSyntaxError', String(cause), { cause });
  return notFound(cause) ? new RuntimeError('Runtime.ImportModuleError', String(cause), { cause }) : cause;
};

const loadHandler = async () => {
  const [, file = '', name = ''] = /^(.*)\.([^.]+)$/.exec(settings.handler) ?? [];
  const extension = ['.js', '.mjs', '.cjs'].find((one) =>
    existsSync(join(settings.codeDir, `${file}${one}`)),
  );
  if (extension === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  }
  const url = pathToFileURL(join(settings.codeDir, `${file}${extension}`)).href;
  const loaded: Exports = await import(url).catch((cause: unknown) => {
    throw importFailure(cause);
  });
  const handler = findHandler(loaded, name);
  if (handler) return handler;
  throw new RuntimeError('Runtime.HandlerNotFound', `${settings.handler} is undefined or not exported`);
};

const contextOf = ({ requestId, deadlineMs, clientContext }: InvokeMessage) => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
  functionName: settings.functionName,
  functionVersion: '$LATEST',
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  invokedFunctionArn: settings.functionArn,
  logGroupName: `/aws/lambda/${settings.functionName}`,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME ?? '',
  memoryLimitInMB: String(settings.memoryMb),
});

const fatal = (error: unknown) => send({ kind: 'error', error: thrown(error), fatal: true });

process.on('unhandledRejection', (reason) => {
  const detail = thrown(reason);
  send({
    kind: 'error',
    fatal: true,
    error: {
      ...detail,
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: `${detail.errorType}: ${detail.errorMessage}`,
    },
  });
});
process.on('uncaughtException', (error) => fatal(error));

const textOf = (result: unknown): string => {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    throw new RuntimeError('Runtime.JSONStringifyError', 'Unable to stringify response body', { cause });
  }
};

const start = async () => {
  const handler = await loadHandler();
  const answer = async (message: InvokeMessage) => {
    // Only the function's own work keeps the thread now: it ends where a promise can no more be settled.
    port.unref();
    try {
      const result = await handler(JSON.parse(message.payload), contextOf(message));
      send({ kind: 'result', payload: textOf(result) });
    } catch (error) {
      send({ kind: 'error', error: thrown(error), fatal: false });
    } finally {
      port.ref();
    }
  };
  port.on('message', (message: HostMessage) => {
    if (message.kind === 'measure') send({ kind: 'memory', bytes: liveMemory() });
    else void answer(message);
  });
  send({ kind: 'ready' });
  // A worker that is ended writes nothing more.
  flushCompileCache();
};

start().catch((error: unknown) => fatal(error));
