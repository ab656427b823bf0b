import type { StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';

const names = (list: string, etag: string) =>
  list.split(',').some((item) => {
    const text = item.trim();
    return text === '*' || text.replace(/^"|"$/g, '') === etag;
  });

const failed = (condition: string) =>
  new S3Error('PreconditionFailed', { details: { Condition: condition } });

/** The conditional write of a request: If-None-Match: * wants the key absent, If-Match that very object. */
export const writeCondition = (
  headers: Record<string, string>,
): ((current: StoredObject | undefined) => void) | undefined => {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', { details: { Header: 'If-None-Match' } });
  }
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return (current) => {
    if (ifNoneMatch !== undefined && current) throw failed('If-None-Match');
    if (ifMatch === undefined) return;
    if (!current) throw new S3Error('NoSuchKey');
    if (!names(ifMatch, current.etag)) throw failed('If-Match');
  };
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
