import * as z from 'zod';
import type { AuditContext } from './context.ts';

/** Versions of what an audit goes by: rule documents by name, prices by SKU. */
export const auditedWithSchema = z.object({
  rules: z.record(z.string(), z.int()),
  prices: z.record(z.string(), z.int()),
});
export type AuditedWith = z.infer<typeof auditedWithSchema>;

export const auditedWith = ({ rules, products }: Pick<AuditContext, 'rules' | 'products'>): AuditedWith => ({
  rules: Object.fromEntries(Object.entries(rules).map(([name, { version }]) => [name, version])),
  prices: Object.fromEntries([...products.values()].map(({ sku, priceVersion }) => [sku, priceVersion])),
});

const eventDataSchema = z.object({ auditedWith: auditedWithSchema });

/** What the last audit of an order went by, as its events tell. */
export const lastAuditedWith = (
  events: readonly { data: Readonly<Record<string, unknown>> }[],
): AuditedWith | undefined => {
  for (const { data } of events.toReversed()) {
    const told = eventDataSchema.safeParse(data);
    if (told.success) return told.data.auditedWith;
  }
  return undefined;
};
