import * as z from 'zod';
import type { OrderContent } from '../orders/order.ts';
import { type Customer, customerTiers, type Partner, partnerSchema } from '../partner.ts';
import type { Product } from '../product.ts';
import type { Submission, SubmittedLine } from '../submissions/order-schema.ts';
import { mailLocatorSchema } from './field-origin.ts';

/** What the first event of an order says beside that it was received: its original, and what was looked up for it. */

export const provenanceKey = (orderNumber: string): string => `orders/${orderNumber}/provenance.json`;

const documentSchema = z.discriminatedUnion('kind', [
  /** The body as posted, archived; every field's place in it is its own pointer. */
  z.object({ kind: z.literal('API'), objectKey: z.string(), sha256: z.string() }),
  /** Rows of a file; which cell a field comes from stands under `provenanceKey`. */
  z.object({
    kind: z.literal('SPREADSHEET'),
    uploadId: z.string(),
    objectKey: z.string(),
    versionId: z.string(),
    provenanceKey: z.string(),
    /** The mail that the file was attached to. */
    mail: mailLocatorSchema.optional(),
  }),
]);
export type OriginalDocument = z.infer<typeof documentSchema>;

/** Master data as it was at that moment, as far as fields of the order are made of it. */
const masterDataSchema = z.object({
  partner: partnerSchema
    .pick({
      language: true,
      pricesIncludeTax: true,
      notifyEmail: true,
      toleranceMinor: true,
      tolerancePercent: true,
      paymentDueMinutes: true,
      autoCompleteDays: true,
      clarificationHours: true,
    })
    .extend({ currency: partnerSchema.shape.currencies.element.optional() }),
  customerTier: z.enum(customerTiers),
  /** Of the customer on file that the buyer was found to be. */
  customerId: z.string().optional(),
  /** SKUs by the other name that a line was ordered under. */
  skus: z.record(z.string(), z.string()),
  /** Tax rates by SKU, of articles whose lines do not say their own. */
  taxRates: z.record(z.string(), z.string()),
});
export type MasterData = z.infer<typeof masterDataSchema>;

export const receivedDataSchema = z.object({ source: documentSchema, masterData: masterDataSchema });
export type ReceivedData = z.infer<typeof receivedDataSchema>;

/** The name that leads to the article of a line that has no SKU of its own, as the catalogue looks for it. */
export const otherNameOf = ({ buyerItemId, gtin = '' }: SubmittedLine): string =>
  buyerItemId === undefined ? `gtin ${gtin}` : `buyerItemId ${buyerItemId}`;

type Looked = {
  partner: Partner;
  customerTier: MasterData['customerTier'];
  customer: Customer | undefined;
  submission: Submission;
  content: OrderContent;
  products: ReadonlyMap<string, Product>;
};

/** What was taken from partner, customer and catalogue for an order. */
export const masterDataOf = ({
  partner,
  customerTier,
  customer,
  submission,
  content,
  products,
}: Looked): MasterData => {
  const lines = submission.lines.map((line, index) => ({ line, sku: content.lines[index]?.sku ?? '' }));
  return {
    partner: {
      ...masterDataSchema.shape.partner.parse(partner),
      ...(partner.currencies[0] && { currency: partner.currencies[0] }),
    },
    customerTier,
    ...(customer && { customerId: customer.customerId }),
    skus: Object.fromEntries(
      lines.flatMap(({ line, sku }) =>
        line.sku === undefined && sku !== '' ? [[otherNameOf(line), sku]] : [],
      ),
    ),
    taxRates: Object.fromEntries(
      lines.flatMap(({ line, sku }) => {
        const product = line.taxRate === undefined ? products.get(sku) : undefined;
        return product ? [[sku, product.taxRate]] : [];
      }),
    ),
  };
};
