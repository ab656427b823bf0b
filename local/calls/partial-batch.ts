import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import type { Call, JsonObject } from './call.ts';
import type { Alteration } from './call-port.ts';

const object = z.record(z.string(), z.json());
const writesSchema = z.object({ RequestItems: z.record(z.string(), z.array(z.json())) });
const keysSchema = z.object({
  RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(z.json()) })),
});
const entriesSchema = z.object({ Entries: z.array(object) });
const entriesAnswer = z.object({
  FailedEntryCount: z.number().default(0),
  Entries: z.array(z.json()).default([]),
});
const messagesAnswer = z.object({
  Successful: z.array(z.json()).default([]),
  Failed: z.array(z.json()).default([]),
});

type Tabled = [table: string, item: JsonValue];

const byTable = (items: Tabled[]): Record<string, JsonValue[]> => {
  const tables: Record<string, JsonValue[]> = {};
  for (const [table, item] of items) {
    tables[table] ??= [];
    tables[table].push(item);
  }
  return tables;
};

const halves = <Item>(items: Item[]): [Item[], Item[]] => {
  const middle = Math.floor(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};

const writeHalf = (input: JsonObject): Alteration | undefined => {
  const asked = writesSchema.safeParse(input).data?.RequestItems ?? {};
  const [done, left] = halves(
    Object.entries(asked).flatMap(([table, items]) => items.map((item): Tabled => [table, item])),
  );
  if (done.length === 0) return undefined;
  return {
    input: { ...input, RequestItems: byTable(done) },
    toAnswer: (given) => ({ ...object.parse(given), UnprocessedItems: byTable(left) }),
  };
};

const readHalf = (input: JsonObject): Alteration | undefined => {
  const asked = keysSchema.safeParse(input).data?.RequestItems ?? {};
  const [done, left] = halves(
    Object.entries(asked).flatMap(([table, { Keys }]) => Keys.map((key): Tabled => [table, key])),
  );
  if (done.length === 0) return undefined;
  const request = (items: Tabled[]): JsonObject =>
    Object.fromEntries(
      Object.entries(byTable(items)).map(([table, Keys]) => [
        table,
        { ...object.parse(asked[table] ?? {}), Keys },
      ]),
    );
  return {
    input: { ...input, RequestItems: request(done) },
    toAnswer: (given) => ({ ...object.parse(given), UnprocessedKeys: request(left) }),
  };
};

/** Entries fail one by one, so even a single one can. */
const entriesHalf = (
  input: JsonObject,
  merge: (given: JsonValue, failed: JsonObject[]) => JsonValue,
): Alteration | undefined => {
  const [done, failed] = halves(entriesSchema.safeParse(input).data?.Entries ?? []);
  if (failed.length === 0) return undefined;
  return {
    ...(done.length > 0 && { input: { ...input, Entries: done } }),
    toAnswer: (given) => merge(given, failed),
  };
};

const failedEvents = (given: JsonValue, failed: JsonObject[]): JsonValue => {
  const { FailedEntryCount, Entries } = entriesAnswer.parse(given);
  const error = { ErrorCode: 'InternalFailure', ErrorMessage: 'The event could not be put.' };
  return {
    FailedEntryCount: FailedEntryCount + failed.length,
    Entries: [...Entries, ...failed.map(() => error)],
  };
};

const failedMessages = (given: JsonValue, failed: JsonObject[]): JsonValue => {
  const { Successful, Failed } = messagesAnswer.parse(given);
  const error = { Code: 'InternalError', Message: 'The entry could not be handled.', SenderFault: false };
  return { Successful, Failed: [...Failed, ...failed.map(({ Id }) => ({ Id: Id ?? '', ...error }))] };
};

const batches: Record<string, (input: JsonObject) => Alteration | undefined> = {
  'dynamodb:BatchWriteItem': writeHalf,
  'dynamodb:BatchGetItem': readHalf,
  'events:PutEvents': (input) => entriesHalf(input, failedEvents),
  'sqs:SendMessageBatch': (input) => entriesHalf(input, failedMessages),
  'sqs:DeleteMessageBatch': (input) => entriesHalf(input, failedMessages),
};

/** The first half of a batch, with an answer that owns up to the rest; undefined for what cannot be done in part. */
export const halfOf = ({ service, action, input = {} }: Omit<Call, 'caller'>): Alteration | undefined =>
  batches[`${service}:${action}`]?.(input);

/** Whether a call can be done in part; for a call without input, whether it can for any input. */
export const canBePartial = (call: Omit<Call, 'caller'>): boolean =>
  call.input === undefined ? `${call.service}:${call.action}` in batches : halfOf(call) !== undefined;
