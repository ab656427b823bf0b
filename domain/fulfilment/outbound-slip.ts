import * as z from 'zod';
import { type Finding, findingSchema } from '../findings/finding.ts';
import type { OrderContent } from '../orders/order.ts';
import { quantitiesBySku } from '../submissions/merge-lines.ts';
import { oneLine } from '../submissions/text-schema.ts';
import { quantitySchema } from '../values/quantity.ts';

/** The warehouse's own record of what it packed, for whom; never derived from the order. */
export const outboundSlipSchema = z.strictObject({
  slipId: oneLine(64),
  recipientName: oneLine(200),
  address: z.strictObject({
    line1: oneLine(200),
    line2: oneLine(200).optional(),
    district: oneLine(100).optional(),
    city: oneLine(100),
    region: oneLine(100).optional(),
    postalCode: oneLine(16).optional(),
    countryCode: z.string().length(2),
  }),
  lines: z
    .array(z.strictObject({ sku: oneLine(64), quantity: quantitySchema, lot: oneLine(64).optional() }))
    .min(1)
    .max(500),
});
export type OutboundSlip = z.infer<typeof outboundSlipSchema>;

/** A slip on file, with what its check found. */
export const storedSlipSchema = z.object({
  slip: outboundSlipSchema,
  receivedAt: z.iso.datetime(),
  outcome: z.enum(['MATCHED', 'MISMATCH']),
  findings: z.array(findingSchema),
});
export type StoredSlip = z.infer<typeof storedSlipSchema>;

export type SlipCheck = { outcome: 'MATCHED' } | { outcome: 'MISMATCH'; findings: Finding[] };

/** Spacing and punctuation do not matter, except between digits: 1 23 is another number than 12 3. */
const fold = (text: string | undefined): string =>
  (text ?? '')
    .normalize('NFKC')
    .replaceAll(/(?<=\d)[\s,。.]+(?=\d)/g, '|')
    .replaceAll(/[\s,。.]/g, '')
    .toLowerCase();

const mismatch = (pointer: string, value: string, expected: string): Finding => ({
  severity: 'HOLD',
  code: 'SLIP_MISMATCH',
  pointer,
  value,
  expected,
});

const differingQuantities = (slip: OutboundSlip, order: OrderContent): Finding[] => {
  const [packed, ordered] = [quantitiesBySku(slip.lines), quantitiesBySku(order.lines)];
  return [...new Set([...ordered.keys(), ...packed.keys()])]
    .filter((sku) => packed.get(sku) !== ordered.get(sku))
    .map((sku) =>
      mismatch(`#/lines/${sku}/quantity`, String(packed.get(sku) ?? 0), String(ordered.get(sku) ?? 0)),
    );
};

const differingAddress = (slip: OutboundSlip, order: OrderContent): Finding[] => {
  const fields = ['line1', 'line2', 'district', 'city', 'region', 'postalCode', 'countryCode'] as const;
  return fields
    .filter((field) => fold(slip.address[field]) !== fold(order.delivery.address[field]))
    .map((field) =>
      mismatch(`#/address/${field}`, slip.address[field] ?? '', order.delivery.address[field] ?? ''),
    );
};

/** Compares goods, quantities, recipient and address of a slip with the order; every difference is named. */
export const checkOutboundSlip = (slip: OutboundSlip, order: OrderContent): SlipCheck => {
  const recipient = order.delivery.recipientName ?? order.buyer.contact.name ?? order.buyer.name;
  const findings = [
    ...differingQuantities(slip, order),
    ...(fold(slip.recipientName) === fold(recipient)
      ? []
      : [mismatch('#/recipientName', slip.recipientName, recipient)]),
    ...differingAddress(slip, order),
  ];
  return findings.length > 0 ? { outcome: 'MISMATCH', findings } : { outcome: 'MATCHED' };
};
