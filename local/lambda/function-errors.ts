/** What a failed invocation answers, as the Node.js runtime words it. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };

export const timedOut = (requestId: string, timeoutMs: number): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
});

export const exited = (requestId: string, exitCode: number): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${requestId} Error: Runtime exited ${
    exitCode === 0 ? 'without providing a reason' : `with error: exit status ${exitCode}`
  }`,
});

export const outOfMemory = (requestId: string): FunctionError => ({
  errorType: 'Runtime.OutOfMemory',
  errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
});

export const responseTooLarge = (bytes: number): FunctionError => ({
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
});

/** An error thrown by the handler, or by the module while it was loaded. */
export const thrown = (error: unknown, errorType?: string): FunctionError => {
  if (!(error instanceof Error)) {
    return { errorType: errorType ?? typeof error, errorMessage: String(error), trace: [] };
  }
  const trace = (error.stack ?? '').split('\n');
  return { errorType: errorType ?? error.name, errorMessage: error.message, trace };
};
