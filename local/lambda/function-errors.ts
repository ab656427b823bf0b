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

/** 6 MB and a hundred bytes: what Lambda names in its refusal. */
export const longestResponseBytes = 6_291_556;

export const responseTooLarge = (bytes: number): FunctionError => ({
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${longestResponseBytes} bytes).`,
});

/** An error thrown by the handler, or by the module while it was loaded; whatever else may be thrown, too. */
export const thrown = (error: unknown): FunctionError => {
  try {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
    const trace = String(error.stack ?? '').split('\n');
    return { errorType: String(error.name), errorMessage: String(error.message), trace };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    };
  }
};
