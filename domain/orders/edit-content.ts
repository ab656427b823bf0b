import * as z from 'zod';
import { leavesOf } from '../provenance/leaves.ts';
import { valueAt } from '../submissions/schema-problems.ts';
import type { OrderContent } from './order.ts';

/** A field to be set to a value, or to be left out (null), by its pointer in the order as submitted. */
export const fieldChangeSchema = z.strictObject({
  pointer: z.string().max(200),
  value: z.json(),
});
export type FieldChange = z.infer<typeof fieldChangeSchema>;

/** What may be edited while an order is held. Its reference, currency and lines themselves are what it is. */
const editable: readonly RegExp[] = [
  /^#\/buyer\/(?:customerId|name|contact\/(?:name|telephone|email))$/,
  /^#\/delivery\/(?:recipientName|telephone|requestedDate|partialDeliveryAllowed)$/,
  /^#\/delivery\/requestedPeriod(?:\/(?:start|end))?$/,
  /^#\/delivery\/address\/(?:line1|line2|district|city|region|postalCode|countryCode)$/,
  /^#\/(?:orderType|substitutionPolicy|shortagePolicy|notes|promotionCodes|allowanceCharges|qualifications)$/,
  /^#\/invoiceRequest(?:\/[A-Za-z]+)?$/,
  /^#\/payment\/method$/,
  /^#\/lines\/\d{1,3}\/(?:sku|buyerItemId|gtin|name|specification|quantity|unitCode|unitPrice|taxRate|customization|note)$/,
  /^#\/lines\/\d{1,3}\/discount(?:\/(?:type|value|promotionCode))?$/,
];

export const isEditable = (pointer: string): boolean => editable.some((pattern) => pattern.test(pointer));

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** The parts of a pointer, unescaped. */
export const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const remove = (parent: Tree, name: string): void => {
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else Reflect.deleteProperty(parent, name);
};

/** Sets a value in a tree, with whatever stands above it; undefined takes it out. */
const setAt = (root: Tree, parts: readonly string[], value: unknown): void => {
  const name = parts.at(-1) ?? '';
  let parent: Tree = root;
  for (const [index, part] of parts.slice(0, -1).entries()) {
    if (!isTree(parent[part])) {
      if (value === undefined) return;
      parent[part] = /^\d+$/.test(parts[index + 1] ?? '') ? [] : {};
    }
    const next = parent[part];
    if (!isTree(next)) return;
    parent = next;
  }
  if (value === undefined) remove(parent, name);
  else parent[name] = value;
};

/** The order as it would be submitted now: what was completed by our arithmetic and the partner's profile is left out. */
const submittedAs = ({
  amounts: _amounts,
  source: _source,
  customerEmail: _customer,
  partnerEmail: _partner,
  terms: _terms,
  lines,
  ...submitted
}: OrderContent): Tree =>
  structuredClone({ ...submitted, lines: lines.map(({ lineAmountMinor: _amount, ...line }) => line) });

/** What a line says that follows from what is changed on it, and so has to be found anew. */
const followers = (line: string, field: string | undefined): string[] => {
  const amount = `#/lines/${line}/lineAmount`;
  if (field === 'sku' || field === 'buyerItemId' || field === 'gtin') {
    const article = field === 'sku' ? [] : [`#/lines/${line}/sku`];
    return [amount, `#/lines/${line}/taxRate`, ...article];
  }
  return [amount];
};

/** A body to be checked as a submission is: the order with its changes, and without what follows from them. */
export const editedSubmission = (content: OrderContent, changes: readonly FieldChange[]): unknown => {
  const body = submittedAs(content);
  const given = new Set(changes.map(({ pointer }) => pointer));
  for (const { pointer } of changes) {
    const [top, line, field] = partsOf(pointer);
    if (top !== 'lines' || line === undefined) continue;
    for (const follower of followers(line, field))
      if (!given.has(follower)) setAt(body, partsOf(follower), undefined);
  }
  for (const { pointer, value } of changes) setAt(body, partsOf(pointer), value ?? undefined);
  return body;
};

/** A leaf of an order's content that an edit changed; one of the two is absent where a leaf came or went. */
export const leafChangeSchema = z.object({
  field: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type LeafChange = z.infer<typeof leafChangeSchema>;

/** Every leaf that the two contents do not have in common. */
export const changedLeaves = (before: OrderContent, after: OrderContent): LeafChange[] => {
  const [was, is] = [before, after].map(
    (content) => new Map(leavesOf(content).map(({ field, value }) => [field, value])),
  );
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])]
    .filter((field) => JSON.stringify(was?.get(field)) !== JSON.stringify(is?.get(field)))
    .map((field) => ({
      field,
      ...(was?.has(field) && { before: was.get(field) }),
      ...(is?.has(field) && { after: is.get(field) }),
    }));
};

/** Takes out what an edit emptied: an object is not there when none of its leaves is. */
const prune = (root: Tree, parts: readonly string[]): void => {
  for (let above = parts.slice(0, -1); above.length > 0; above = above.slice(0, -1)) {
    const value = valueAt(root, above);
    if (!isTree(value) || Object.keys(value).length > 0) return;
    setAt(root, above, undefined);
  }
};

/** A content with the leaves of an edit changed: what is stored, made again from what was stored before. */
export const withLeaves = (content: unknown, changes: readonly LeafChange[]): unknown => {
  const root = structuredClone(content);
  if (!isTree(root)) return root;
  const gone = changes.filter((change) => !('after' in change));
  for (const { field } of gone.toReversed()) {
    setAt(root, partsOf(field), undefined);
    prune(root, partsOf(field));
  }
  for (const change of changes) if ('after' in change) setAt(root, partsOf(change.field), change.after);
  return root;
};
