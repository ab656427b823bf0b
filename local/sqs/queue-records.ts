import * as z from 'zod';

const messageAttributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
export const messageAttributesSchema = z.record(z.string(), messageAttributeSchema);
export type MessageAttributes = z.infer<typeof messageAttributesSchema>;

const messageSchema = z.object({
  id: z.string(),
  queue: z.string(),
  body: z.string(),
  attributes: messageAttributesSchema,
  sentMs: z.number(),
  /** When a delayed message may first be received. */
  availableMs: z.number(),
});
export type StoredMessage = z.infer<typeof messageSchema>;

/** One line of the queues' log. */
export const queueRecordSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('send'), message: messageSchema }),
  z.object({ op: z.literal('delete'), queue: z.string(), id: z.string() }),
  z.object({ op: z.literal('purge'), queue: z.string() }),
]);
export type QueueRecord = z.infer<typeof queueRecordSchema>;
