import type { StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';

const names = (list: string, etag: string) =>
  list.split(',').some((item) => {
    const text = item.trim();
    return text === '*' || text.replace(/^"|"$/g, '') === etag;
  });

const failed = (condition: string) =>
  new S3Error('PreconditionFailed', { details: { Condition: condition } });

export type Precondition = (current: StoredObject | undefined) => void;

/**
 * The conditional write of a request: If-None-Match: * wants the key absent, If-Match that very object.
 * `present` is the object as the request came: one that is deleted while its body arrives is a conflict.
 */
export const writeCondition = (
  headers: Record<string, string>,
  present: StoredObject | undefined,
): Precondition | undefined => {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', { details: { Header: 'If-None-Match' } });
  }
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return (current) => {
    if (present && !current) {
      const Condition = ifMatch === undefined ? 'If-None-Match' : 'If-Match';
      throw new S3Error('ConditionalRequestConflict', { details: { Condition } });
    }
    if (ifNoneMatch !== undefined && current) throw failed('If-None-Match');
    if (ifMatch === undefined) return;
    if (!current) throw new S3Error('NoSuchKey');
    if (!names(ifMatch, current.etag)) throw failed('If-Match');
  };
};

/** The conditional delete of a request or of one entry of DeleteObjects: that very object, or any for `*`. */
export const deleteCondition = (ifMatch: string | undefined): Precondition | undefined =>
  ifMatch === undefined
    ? undefined
    : (current) => {
        if (!current) throw new S3Error('NoSuchKey');
        if (!names(ifMatch, current.etag)) throw failed('If-Match');
      };

/** Whether a conditional read is answered by 304; throws when a precondition does not hold. */
export const isNotModified = (headers: Record<string, string>, object: StoredObject): boolean => {
  const seconds = Math.floor(object.modifiedMs / 1000) * 1000;
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '');
  if (ifMatch !== undefined && !names(ifMatch, object.etag)) throw failed('If-Match');
  if (ifMatch === undefined && seconds > unmodifiedSince) throw failed('If-Unmodified-Since');
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, object.etag);
  return seconds <= modifiedSince;
};

const sourcePrefix = 'x-amz-copy-source-';

/** Checks the conditions that a copy makes on its source. */
export const checkSourceConditions = (headers: Record<string, string>, source: StoredObject): void => {
  const conditions = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(sourcePrefix))
      .map(([name, value]) => [name.slice(sourcePrefix.length), value]),
  );
  if (isNotModified(conditions, source)) throw failed('x-amz-copy-source-if-none-match');
};
