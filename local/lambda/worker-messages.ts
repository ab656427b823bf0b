import type { FunctionError } from './function-errors.ts';

export type WorkerSettings = {
  codeDir: string;
  handler: string;
  functionName: string;
  functionArn: string;
  memoryMb: number;
};

export type InvokeMessage = {
  requestId: string;
  payload: string;
  deadlineMs: number;
  clientContext: string | undefined;
};

export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'log'; text: string }
  | { kind: 'result'; payload: string }
  | { kind: 'error'; error: FunctionError; fatal: boolean };
