import * as z from 'zod';
import { isRead, siteOf } from '../../local/calls/call.ts';
import { appendPointSchema } from '../../local/durable/append-points.ts';

export const momentSchema = z.object({
  /** `journal.before-append`, `mail.after-append`, `call.before`, … */
  point: z.string(),
  /** What is being done: `TaskStarted Reserve Stock`, `put`, `PlaceOrder dynamodb:TransactWriteItems`. */
  label: z.string(),
  /** The execution whose record it is, and whether that is its first. */
  execution: z.object({ arn: z.string(), isStart: z.boolean() }).optional(),
});
/** A moment at which the desk could die: just before or just after something lasting is done. */
export type Moment = z.infer<typeof momentSchema>;

export const killPlanSchema = z.object({
  point: z.string().optional(),
  label: z.string().optional(),
  /** Only records of executions that start from now on, of the machine of this name. */
  newExecutionOf: z.string().optional(),
  /** The how-manieth moment that fits. */
  nth: z.int().min(1),
  /** Leaves half of the line behind, as a write does that is cut short. */
  torn: z.boolean().default(false),
});
/** At which moment the desk kills itself; a field that is absent fits every moment. */
export type KillPlan = z.input<typeof killPlanSchema>;

export const killReportSchema = z.object({ moment: momentSchema, torn: z.boolean(), atMs: z.number() });
/** What the desk wrote down, and synced, before it killed itself. */
export type KillReport = z.infer<typeof killReportSchema>;

export const requestSchema = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('arm'), plan: killPlanSchema }),
  /** All moments since this was last asked. */
  z.object({ ask: z.literal('moments') }),
]);
export type DeskRequest = z.input<typeof requestSchema>;

const callSchema = z.object({
  caller: z.string(),
  service: z.string(),
  action: z.string(),
  target: z.string().optional(),
});
const journalRecordSchema = z.object({
  execution: z.string(),
  start: z.object({}).optional(),
  events: z.array(z.object({ type: z.string() })),
  put: z.array(z.object({ state: z.string() })),
});
const otherRecordSchema = z.object({ op: z.string().default('record') });

const momentOfCall = (point: string, detail: unknown): Moment | undefined => {
  const call = callSchema.parse(detail);
  return isRead(call.action) ? undefined : { point, label: siteOf(call) };
};

const momentOfTransition = (point: string, record: unknown): Moment => {
  const { execution, start, events, put } = journalRecordSchema.parse(record);
  const states = new Set(put.map(({ state }) => state));
  return {
    point,
    label: [events.at(-1)?.type, ...states].join(' '),
    execution: { arn: execution, isStart: start !== undefined },
  };
};

/** The moment that a point of the cloud is; undefined where nothing lasting is done. */
export const momentOf = (point: string, detail: unknown): Moment | undefined => {
  if (point.startsWith('call.')) return momentOfCall(point, detail);
  const { record } = appendPointSchema.parse(detail);
  if (point.startsWith('journal.')) return momentOfTransition(point, record);
  return { point, label: otherRecordSchema.parse(record).op };
};
