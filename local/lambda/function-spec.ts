/** One function as the template declares it, its environment complete but for what the runtime itself sets. */
export type FunctionSpec = {
  name: string;
  arn: string;
  codeDir: string;
  /** `index.handler`: file and export. */
  handler: string;
  environment: Record<string, string>;
  timeoutMs: number;
  memoryMb: number;
  /** Concurrent executions the template reserves; 0 throttles every call. */
  reservedConcurrency?: number | undefined;
  /** Where the record of an asynchronous event that failed for good goes. */
  onFailure?: { sqsArn: string } | undefined;
  /** Where the bare event goes then (the older dead-letter setting). */
  deadLetter?: { sqsArn: string } | undefined;
  /** Retries of an asynchronous event. */
  maxRetryAttempts: number;
  /** Age at which an asynchronous event is given up. */
  maxEventAgeMs: number;
};

/** Fake keys: each caller has its own, so that services can tell callers apart. */
export type AccessKey = { accessKeyId: string; secretAccessKey: string };
