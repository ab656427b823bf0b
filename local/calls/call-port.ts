import type { JsonValue } from '../json.ts';
import type { Call, JsonObject } from './call.ts';

/**
 * Another request in place of the caller's, and what the caller is told of its answer.
 * Without a request, nothing is carried out and the answer is made of an empty one.
 */
export type Alteration = { input?: JsonObject; toAnswer: (given: JsonValue) => JsonValue };

/** The connection of a call. */
export type Line = {
  /** Holds the call open, out of what counts as in motion; resolves when its caller no longer waits. */
  untilHungUp(): Promise<void>;
};

/** Carries the call out: as it came, or altered where its service can. */
export type Perform<Answer> = (alteration?: Alteration) => Promise<Answer>;

/**
 * What every call of a service passes on its way, and every named point of the durable logs: where tests look on,
 * and where they make calls fail or end the process.
 */
export type CallPort = {
  /** Carries a call out, or makes it fail: throws ServiceError, or ConnectionCut where no answer is to be given. */
  pass<Answer>(call: Call, perform: Perform<Answer>, line: Line): Promise<Answer>;
  /** Says that a point was reached: `journal.before-append`, with what is to be written. */
  reach(point: string, detail: unknown): void;
};

/** Ends the caller's connection instead of answering. */
export class ConnectionCut extends Error {
  override name = 'ConnectionCut';
}

/** Lets everything through. */
export const openPort: CallPort = { pass: (_call, perform) => perform(), reach: () => {} };
