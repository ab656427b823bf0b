/** The partition key attribute of a table, by name or ARN, or of one of its indexes; undefined for an unknown one. */
export type PartitionKeyOf = (table: string, index?: string) => string | undefined;

type Item = Readonly<Record<string, unknown>>;

/** `{ S: 'a' }` and `{ N: '1' }` as text. */
const toText = (value: unknown): string | undefined => {
  const inner = value !== null && typeof value === 'object' ? Object.values(value)[0] : undefined;
  return typeof inner === 'string' ? inner : undefined;
};

/** The partition keys of items, once each. */
export const leadingKeys = (
  table: string,
  items: readonly (Item | undefined)[],
  partitionKeyOf: PartitionKeyOf,
): string[] => {
  const attribute = partitionKeyOf(table);
  if (attribute === undefined) return [];
  const keys = items.flatMap((item) => toText(item?.[attribute]) ?? []);
  return [...new Set(keys)];
};

const equality = /([\w.-]+|#\w+)\s*=\s*(:\w+)/g;

/** The partition key that a query's expression asks for. */
export const queriedKey = (
  query: {
    KeyConditionExpression?: string | undefined;
    ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
    ExpressionAttributeValues?: Item | undefined;
  },
  attribute: string | undefined,
): string | undefined => {
  if (attribute === undefined) return undefined;
  for (const [, name = '', value = ''] of (query.KeyConditionExpression ?? '').matchAll(equality)) {
    if ((query.ExpressionAttributeNames?.[name] ?? name) === attribute) {
      return toText(query.ExpressionAttributeValues?.[value]);
    }
  }
  return undefined;
};
