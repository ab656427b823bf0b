import * as z from 'zod';

const targetSchema = z.object({
  id: z.string(),
  arn: z.string(),
  roleArn: z.string().optional(),
  deadLetterArn: z.string().optional(),
  retry: z.object({ maximumAttempts: z.number(), maximumEventAgeSeconds: z.number() }).optional(),
});

const deliverySchema = z.object({
  id: z.string(),
  ruleArn: z.string(),
  target: targetSchema,
  payload: z.json(),
  event: z.json(),
  acceptedMs: z.number(),
});
/** An event on its way to one target, with the input made for it. */
export type Delivery = z.infer<typeof deliverySchema>;

const firedSchema = z.object({ rule: z.string(), atMs: z.number() });

/** One line of the bus's log. */
export const busRecordSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('accept'), deliveries: z.array(deliverySchema), fired: firedSchema.optional() }),
  z.object({ op: z.literal('failed'), id: z.string(), attempts: z.number() }),
  z.object({ op: z.literal('done'), id: z.string() }),
]);
export type BusRecord = z.infer<typeof busRecordSchema>;

/** What the bus owes: deliveries not yet made, with the attempts they had, and when each schedule fired last. */
export const createBusState = () => {
  const open = new Map<string, { delivery: Delivery; attempts: number }>();
  const firedMs = new Map<string, number>();
  return {
    open,
    firedMs,
    apply: (record: BusRecord) => {
      switch (record.op) {
        case 'accept':
          for (const delivery of record.deliveries) open.set(delivery.id, { delivery, attempts: 0 });
          if (record.fired) firedMs.set(record.fired.rule, record.fired.atMs);
          return;
        case 'failed': {
          const entry = open.get(record.id);
          if (entry) entry.attempts = record.attempts;
          return;
        }
        case 'done':
          open.delete(record.id);
          return;
      }
    },
    snapshot: (): BusRecord[] => [
      ...[...firedMs].map(([rule, atMs]) => ({
        op: 'accept' as const,
        deliveries: [],
        fired: { rule, atMs },
      })),
      ...[...open.values()].flatMap(({ delivery, attempts }) => [
        { op: 'accept' as const, deliveries: [delivery] },
        { op: 'failed' as const, id: delivery.id, attempts },
      ]),
    ],
  };
};
