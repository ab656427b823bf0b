import * as z from 'zod';

export type WorkerSettings = {
  codeDir: string;
  handler: string;
  functionName: string;
  functionArn: string;
  memoryMb: number;
  /** The memory of the cloud's clock, where that is not the machine's. */
  time: SharedArrayBuffer | undefined;
};

export type InvokeMessage = {
  kind: 'invoke';
  requestId: string;
  payload: string;
  deadlineMs: number;
  clientContext: string | undefined;
};

/** What the pool says to a worker. */
export type HostMessage = InvokeMessage | { kind: 'measure' };

const errorSchema = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
});

/** What a worker says to the pool. The function's code shares its port: what does not read so is not for us. */
export const workerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('log'), text: z.string() }),
  z.object({ kind: z.literal('memory'), bytes: z.number() }),
  z.object({ kind: z.literal('result'), payload: z.string() }),
  z.object({ kind: z.literal('error'), error: errorSchema, fatal: z.boolean() }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;
