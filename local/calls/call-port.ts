import type { Call } from './call.ts';

/**
 * What every call of a service passes on its way, and every named point of the durable logs: where tests look on,
 * and where they make calls fail or end the process.
 */
export type CallPort = {
  /** Carries a call out, or makes it fail: throws ServiceError, or ConnectionCut where no answer is to be given. */
  pass<Answer>(call: Call, perform: () => Promise<Answer>): Promise<Answer>;
  /** Says that a point was reached: `journal.before-append`, with what is to be written. */
  reach(point: string, detail: unknown): void;
};

/** Ends the caller's connection instead of answering. */
export class ConnectionCut extends Error {
  override name = 'ConnectionCut';
}

/** Lets everything through. */
export const openPort: CallPort = { pass: (_call, perform) => perform(), reach: () => {} };
