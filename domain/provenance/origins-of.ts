import type { OrderContent } from '../order.ts';
import { derivationOf } from './derivations.ts';
import type { FieldOrigin } from './field-origin.ts';
import { leafText, leavesOf, tokensOf } from './leaves.ts';

/** Origins in a posted body: every leaf of it, by its own pointer. */
export const originsInBody = (objectKey: string, text: string): FieldOrigin[] =>
  [...tokensOf(text)].map(([field, raw]) => ({
    field,
    raw,
    locator: { kind: 'JSON', objectKey, pointer: field },
  }));

/**
 * Where each stored field of an order comes from, in the order of its fields: the original where it has the field, else the
 * rule that filled it in. A field that nothing accounts for has none.
 */
export const originsOf = (content: OrderContent, inOriginal: readonly FieldOrigin[]): FieldOrigin[] => {
  const byField = Map.groupBy(inOriginal, ({ field }) => field);
  return leavesOf(content).flatMap(({ field, value }): FieldOrigin[] => {
    const found = byField.get(field);
    if (found) return found;
    const locator = derivationOf(field, content);
    return locator ? [{ field, raw: leafText(value), locator }] : [];
  });
};
