import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { type Activity, createActivity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import { openRecordLog } from '../durable/record-log.ts';
import type { JsonOperation } from '../http/aws-json.ts';
import { createDeliverer, type Deliver } from './deliverer.ts';
import { type BusRecord, busRecordSchema, createBusState, type Delivery } from './delivery.ts';
import { compilePattern } from './pattern.ts';
import { type NewEvent, putEventsOperation } from './put-events.ts';
import type { EventEnvelope, RuleSpec } from './rule.ts';
import { compileSchedule } from './schedule.ts';
import { startScheduler } from './scheduler.ts';
import { compileTargetInput } from './target-input.ts';

export type EventBus = {
  /** Resolves once every delivery these events cause is on disk. */
  put(events: NewEvent[]): Promise<void>;
  /** Fires the one enabled rule with a schedule whose name contains the text, beside its times; resolves once on disk. */
  fire(namePart: string): Promise<void>;
  /** For awsJsonHandler. */
  operations: Record<string, JsonOperation>;
  close(): Promise<void>;
};

export type EventBusOptions = {
  rules: RuleSpec[];
  clock: Clock;
  activity?: Activity;
  /** False: a rule with a schedule fires only when told. */
  schedules?: boolean;
  stateDir: string;
  region: string;
  accountId: string;
  deliver: Deliver;
  reach?: CallPort['reach'] | undefined;
  onError?: (error: unknown) => void;
};

const toEventTime = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

const compileRule = (rule: RuleSpec) => {
  const inputs = rule.targets.map((target) => ({ target, inputOf: compileTargetInput(target, rule) }));
  const { eventPattern, scheduleExpression } = rule;
  return {
    rule,
    matches: eventPattern === undefined ? () => false : compilePattern(eventPattern),
    schedule: scheduleExpression === undefined ? undefined : compileSchedule(scheduleExpression),
    deliveriesOf: (event: EventEnvelope, acceptedMs: number): Delivery[] =>
      inputs.map(({ target: { input: _, inputPath: __, inputTransformer: ___, ...target }, inputOf }) => ({
        id: randomUUID(),
        ruleArn: rule.arn,
        target,
        payload: z.json().parse(inputOf(event, new Date(acceptedMs).toISOString())),
        event,
        acceptedMs,
      })),
  };
};

type CompiledRule = ReturnType<typeof compileRule>;

/** An EventBridge bus: rules by pattern or schedule, each accepted event delivered at least once. */
export const createEventBus = async (options: EventBusOptions): Promise<EventBus> => {
  const { clock, region, accountId, deliver, activity = createActivity(), schedules = true } = options;
  const onError = options.onError ?? console.error;
  const rules = options.rules.filter(({ enabled }) => enabled).map(compileRule);
  const state = createBusState();
  const log = await openRecordLog<BusRecord>({
    file: join(options.stateDir, 'events', 'bus.jsonl'),
    name: 'bus',
    reach: options.reach,
    parse: (line) => busRecordSchema.parse(line),
    apply: state.apply,
    snapshot: state.snapshot,
  });
  const deliverer = createDeliverer({
    clock,
    activity,
    deliver,
    note: log.note,
    onError,
  });

  const envelop = ({ source, detailType, detail, resources = [], timeMs }: NewEvent): EventEnvelope => ({
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: accountId,
    time: toEventTime(timeMs ?? clock.now()),
    region,
    resources,
    detail,
  });

  const accept = async (deliveries: Delivery[], fired?: { rule: string; atMs: number }) => {
    if (deliveries.length > 0 || fired) await log.append({ op: 'accept', deliveries, fired });
    for (const delivery of deliveries) deliverer.start(delivery, 0);
  };

  const putAll = async (events: NewEvent[]): Promise<string[]> => {
    const envelopes = events.map(envelop);
    const nowMs = clock.now();
    await accept(
      envelopes.flatMap((event) =>
        rules
          .filter(({ matches }) => matches(event))
          .flatMap(({ deliveriesOf }) => deliveriesOf(event, nowMs)),
      ),
    );
    return envelopes.map(({ id }) => id);
  };

  const scheduledRules = new Map(
    rules.flatMap((compiled) => (compiled.schedule ? [[compiled.rule.name, compiled]] : [])),
  );
  const scheduledDeliveries = ({ rule, deliveriesOf }: CompiledRule, dueMs: number): Delivery[] => {
    const event = envelop({
      source: 'aws.events',
      detailType: 'Scheduled Event',
      detail: {},
      resources: [rule.arn],
      timeMs: dueMs,
    });
    return deliveriesOf(event, clock.now());
  };
  const fireDue = ({ name, dueMs, firedMs }: { name: string; dueMs: number; firedMs: number }) => {
    const compiled = scheduledRules.get(name);
    if (!compiled) return;
    const fired = { rule: name, atMs: firedMs };
    activity.during(() => accept(scheduledDeliveries(compiled, dueMs), fired)).catch(onError);
  };

  /** A schedule seen for the first time begins now, and goes on from there after a restart. */
  const begin = async ({ rule, schedule }: CompiledRule) => {
    if (!schedule) return [];
    if (!state.firedMs.has(rule.name)) await accept([], { rule: rule.name, atMs: clock.now() });
    return [{ name: rule.name, schedule, lastMs: state.firedMs.get(rule.name) ?? clock.now() }];
  };

  for (const { delivery, attempts } of state.open.values()) deliverer.start(delivery, attempts);
  const scheduled = schedules ? (await Promise.all(rules.map(begin))).flat() : [];
  const endSchedules = startScheduler(scheduled, clock, fireDue);

  return {
    put: async (events) => {
      await putAll(events);
    },
    fire: async (namePart) => {
      const names = [...scheduledRules.keys()];
      const [name = '', ...others] = names.filter((one) => one.includes(namePart));
      const compiled = others.length === 0 ? scheduledRules.get(name) : undefined;
      if (compiled) return accept(scheduledDeliveries(compiled, clock.now()));
      throw new Error(
        `Not one rule with a schedule is called …${namePart}…; there are: ${names.join(', ')}.`,
      );
    },
    operations: { PutEvents: putEventsOperation(putAll) },
    close: async () => {
      endSchedules();
      await deliverer.close();
      await log.close();
    },
  };
};
