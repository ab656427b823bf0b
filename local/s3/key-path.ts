import { createHash } from 'node:crypto';
import { S3Error } from './s3-error.ts';

const longestKeyBytes = 1024;
const longestNameBytes = 200;

// Characters that some file system refuses, or that end a Windows name; % itself keeps the mapping one-to-one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const unsafe = /[\u0000-\u001f\u007f%\\:*?"<>|]|[. ]$/g;

const encodeName = (segment: string): string => {
  if (segment === '') return '%';
  const name = segment.replace(unsafe, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  if (Buffer.byteLength(name) <= longestNameBytes) return name;
  const digest = createHash('sha256').update(segment).digest('hex').slice(0, 16);
  return `${Buffer.from(name).toString('utf8', 0, 120).replaceAll('\ufffd', '')}%~${digest}`;
};

/** Refuses keys that S3 refuses, and those whose path would leave the bucket's folder. */
export const checkKey = (key: string): string => {
  if (Buffer.byteLength(key) > longestKeyBytes) throw new S3Error('KeyTooLongError');
  if (key === '' || key.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw new S3Error('InvalidArgument', { message: 'The key is empty or has a relative path segment.' });
  }
  return key;
};

/** The names, folder by folder, under which the current object of a key is shown as a file. */
export const keyToNames = (key: string): string[] => checkKey(key).split('/').map(encodeName);
