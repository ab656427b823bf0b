import type { JsonValue } from '../json.ts';

/** A key as the database gives it, its attributes in any order. */
export type ItemKey = Record<string, JsonValue>;

/** Which removals are the time to live's doing: a table's stream does not say so, and its readers want to know. */
export type Expiries = {
  /** From now on the answer tells, once for each, whether the removal of an item was one. */
  follow(tableName: string): (key: ItemKey) => boolean;
  /** The item is about to be deleted; the answer says that it was not. */
  announce(tableName: string, key: ItemKey): () => void;
};

const textOf = (key: ItemKey): string =>
  JSON.stringify(Object.entries(key).sort(([left], [right]) => (left < right ? -1 : 1)));

export const createExpiries = (): Expiries => {
  const followers = new Map<string, Set<string>[]>();
  return {
    follow(tableName) {
      const announced = new Set<string>();
      followers.set(tableName, [...(followers.get(tableName) ?? []), announced]);
      return (key) => announced.delete(textOf(key));
    },
    announce(tableName, key) {
      const text = textOf(key);
      const told = followers.get(tableName) ?? [];
      for (const announced of told) announced.add(text);
      return () => {
        for (const announced of told) announced.delete(text);
      };
    },
  };
};
