import type { AuditContext } from './context.ts';

/** What a verdict rests on beside the order's own content; a verdict can only change when one of these does. */
export const auditParts = ['rules', 'catalogue', 'stock', 'customer', 'partner', 'date'] as const;
export type AuditPart = (typeof auditParts)[number];

/** What the audit is given belongs to one part each: something new does not compile until it has its place. */
const partOf = {
  partner: 'partner',
  customer: 'customer',
  candidates: 'customer',
  customerTier: 'customer',
  account: 'customer',
  twins: 'customer',
  contactMarks: 'customer',
  deadAddresses: 'customer',
  products: 'catalogue',
  articlesLike: 'catalogue',
  available: 'stock',
  rules: 'rules',
  today: 'date',
  orderDay: 'date',
} as const satisfies Record<Exclude<keyof AuditContext, 'order'>, AuditPart>;

const isRead = (name: string): name is keyof typeof partOf => Object.hasOwn(partOf, name);

/** What was read of each part, as plain data in a fixed order, to be told apart by its digest. */
export type PartContents = Partial<Record<AuditPart, unknown>>;

/** Maps as lists in the order of their keys, and what is not there as null: equal for equal content. */
const plain = (value: unknown): unknown => {
  if (value instanceof Map)
    return [...value]
      .map(([key, inner]) => [key, plain(inner)])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
};

/** The partner as far as verdicts depend on it: not how it is metered, nor what happens after its orders are accepted. */
const termsOf = ({ usageKey: _metering, writeOffMinor: _later, ...partner }: AuditContext['partner']) =>
  partner;

/** What an audit read, in parts; the articles and tax rates that lines were resolved to stand with the catalogue. */
export const partsOfAudit = ({ order, ...read }: AuditContext): PartContents => {
  const lines = order.lines.map(({ sku, taxRate }) => [sku, taxRate]);
  const parts: Partial<Record<AuditPart, Record<string, unknown>>> = {};
  for (const [name, content] of Object.entries({ ...read, lines, partner: termsOf(read.partner) })) {
    const part = isRead(name) ? partOf[name] : 'catalogue';
    parts[part] = { ...parts[part], [name]: plain(content) };
  }
  return parts;
};

/** What a refusal of structure or arithmetic rests on, as far as it was read: the rest of it is the catalogue. */
export const partsOfRefusal = (partner: AuditContext['partner'], today: string): PartContents => ({
  partner: { partner: plain(termsOf(partner)) },
  date: { today, orderDay: today },
});
