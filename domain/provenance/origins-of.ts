import type { OrderContent } from '../orders/order.ts';
import { derivationOf } from './derivations.ts';
import { changeOf, type Edit, editOf } from './edits.ts';
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
 * Where each stored field of an order comes from, in the order of its fields: the event in which somebody gave it its value, the
 * original where it has the field, else the rule that filled it in. A field that nothing accounts for has none.
 */
export const originsOf = (
  content: OrderContent,
  inOriginal: readonly FieldOrigin[],
  edits: readonly Edit[] = [],
): FieldOrigin[] => {
  const byField = Map.groupBy(inOriginal, ({ field }) => field);
  return leavesOf(content).flatMap(({ field, value }): FieldOrigin[] => {
    const edited = (edit: Edit | undefined): FieldOrigin[] =>
      edit ? [{ field, raw: leafText(value), locator: { kind: 'EDIT', event: edit.sequence } }] : [];
    const given = edited(editOf(field, edits));
    if (given.length > 0) return given;
    const found = byField.get(field);
    if (found) return found;
    const locator = derivationOf(field, content);
    return locator ? [{ field, raw: leafText(value), locator }] : edited(changeOf(field, edits));
  });
};
