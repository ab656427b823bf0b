import type { Bucket } from './bucket.ts';
import { compareKeys, lowerBound } from './key-order.ts';
import type { StoredObject } from './records.ts';

/** Where a listing goes on: after a key, after one version of it, or after all keys of a prefix. */
export type Position = { afterKey: string; versionId?: string } | { afterPrefix: string };

const isPassed = (key: string, position: Position | undefined): boolean => {
  if (!position) return false;
  if ('afterPrefix' in position) {
    return key.startsWith(position.afterPrefix) || compareKeys(key, position.afterPrefix) < 0;
  }
  return compareKeys(key, position.afterKey) < (position.versionId === undefined ? 1 : 0);
};

/** The ordered keys that begin with the prefix, from the position on. */
export function* keysFrom(keys: readonly string[], prefix: string, position: Position | undefined) {
  const after = position && ('afterPrefix' in position ? position.afterPrefix : position.afterKey);
  const from = after !== undefined && compareKeys(after, prefix) > 0 ? after : prefix;
  for (let index = lowerBound(keys, from); index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    if (!key.startsWith(prefix)) return;
    if (!isPassed(key, position)) yield key;
  }
}

/** The current objects whose keys begin with the prefix, from the position on. */
export function* objectsFrom(
  { state }: Bucket,
  prefix: string,
  position: Position | undefined,
): Generator<StoredObject> {
  for (const key of keysFrom(state.sortedKeys(), prefix, position)) {
    const object = state.current(key);
    if (object) yield object;
  }
}

/** A listing by markers goes on after the marker, which may be one of its common prefixes. */
export const positionAfter = (
  marker: string,
  { prefix, delimiter }: { prefix: string; delimiter: string },
): Position | undefined => {
  if (marker === '') return undefined;
  const isGroup = delimiter !== '' && marker.length > prefix.length && marker.endsWith(delimiter);
  return isGroup ? { afterPrefix: marker } : { afterKey: marker };
};
