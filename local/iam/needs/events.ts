import * as z from 'zod';
import type { AccessNeed } from '../access.ts';
import { anything, arnOf, type Place } from './arn.ts';

const entrySchema = z.object({
  EventBusName: z.string().default('default'),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
});
const putEvents = z.object({ Entries: z.array(entrySchema) });

const present = (values: readonly (string | undefined)[]): string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

/** What an operation takes: PutEvents, each bus that an entry names. */
export const eventsNeeds = (operation: string, input: unknown, place: Place): AccessNeed[] => {
  const action = `events:${operation}`;
  const entries = operation === 'PutEvents' ? putEvents.safeParse(input).data?.Entries : undefined;
  if (entries === undefined) return [{ action, resource: anything }];
  const byBus = Map.groupBy(entries, ({ EventBusName: name }) => arnOf('events', name, place, 'event-bus/'));
  return [...byBus].map(([resource, own]) => ({
    action,
    resource,
    context: {
      'events:source': present(own.map(({ Source: source }) => source)),
      'events:detail-type': present(own.map(({ DetailType: detailType }) => detailType)),
    },
  }));
};
