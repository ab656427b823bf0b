import * as z from 'zod';
import { leafChangeSchema, withLeaves } from '../orders/edit-content.ts';
import { type OrderContent, type OrderEvent, orderContentSchema } from '../orders/order.ts';
import { customerTiers } from '../partner.ts';

/** What an event tells of a change of the order's content: staff's decision, or its customer's answer. */
const editDataSchema = z.object({
  changes: z.array(leafChangeSchema).min(1),
  given: z.array(z.string()),
  customerTier: z.enum(customerTiers),
  customerId: z.string().optional(),
});
export type Edit = z.infer<typeof editDataSchema> & { sequence: number };

/** The edits of an order, oldest first, as its events tell them. */
export const editsOf = (events: readonly Pick<OrderEvent, 'data' | 'sequence'>[]): Edit[] =>
  events.flatMap(({ data, sequence }) => {
    const parsed = editDataSchema.safeParse(data);
    return parsed.success ? [{ ...parsed.data, sequence }] : [];
  });

/** The content that edits made of another one; undefined when that is no order's. */
export const afterEdits = (content: OrderContent, edits: readonly Edit[]): OrderContent | undefined =>
  orderContentSchema.safeParse(
    edits.reduce<unknown>((before, { changes }) => withLeaves(before, changes), content),
  ).data;

const isWithin = (field: string, outer: string): boolean => field === outer || field.startsWith(`${outer}/`);

/** The last event in which somebody gave a field its value. */
export const editOf = (field: string, edits: readonly Edit[]): Edit | undefined =>
  edits.findLast(({ given }) => given.some((pointer) => isWithin(field, pointer)));

/** The last event that changed a field, whether it was given or followed from what was. */
export const changeOf = (field: string, edits: readonly Edit[]): Edit | undefined =>
  edits.findLast(({ changes }) => changes.some((change) => change.field === field));
