import { randomBytes } from 'node:crypto';
import { ServiceError } from '../http/service-error.ts';

const separator = '|';

/** A new task token; it tells where it belongs, and 24 random bytes keep it from being guessed. */
export const newToken = (executionArn: string, frameId: string): string =>
  Buffer.from([executionArn, frameId, randomBytes(24).toString('base64url')].join(separator)).toString(
    'base64url',
  );

/** The execution and the frame a token was made for; throws InvalidToken for any other text. */
export const readToken = (token: string): { executionArn: string; frameId: string } => {
  const parts = Buffer.from(token, 'base64url').toString('utf8').split(separator);
  const [executionArn, frameId] = parts;
  if (parts.length !== 3 || executionArn === undefined || frameId === undefined) {
    throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
  }
  return { executionArn, frameId };
};

/** The execution a token was made for; undefined for any other text. */
export const executionOf = (token: string): string | undefined => {
  try {
    return readToken(token).executionArn;
  } catch {
    return undefined;
  }
};

/** What a token gets once its task has ended in whatever way. */
export const taskGone = (): ServiceError =>
  new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
