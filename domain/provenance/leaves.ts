/** A value that has no parts, or none left, by its pointer (RFC 6901, as a URI fragment). */
export type Leaf = { field: string; value: unknown };

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Every leaf of a JSON value, empty arrays and objects too; what is undefined is not there. */
export const leavesOf = (value: unknown, field = '#'): Leaf[] => {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [{ field, value }];
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  if (parts.length === 0) return [{ field, value }];
  return parts.flatMap(([name, part]) => leavesOf(part, `${field}/${escaped(name)}`));
};

/** A leaf as text: strings bare, anything else as JSON. */
export const leafText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** The third argument of a reviver: the text that a primitive value was parsed from, which TypeScript does not know of yet. */
const sourceText = ([context]: readonly unknown[]): string | undefined =>
  typeof context === 'object' && context !== null && 'source' in context && typeof context.source === 'string'
    ? context.source
    : undefined;

/** The text of every leaf of a JSON document exactly as it is written there, by pointer: `24.0` stays `24.0`, a string keeps its quotes. */
export const tokensOf = (text: string): Map<string, string> => {
  const tree: unknown = JSON.parse(
    text,
    (_name, value: unknown, ...context: unknown[]) => sourceText(context) ?? value,
  );
  return new Map(leavesOf(tree).map(({ field, value }) => [field, leafText(value)]));
};
