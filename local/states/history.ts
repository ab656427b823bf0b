import * as z from 'zod';
import type { JsonValue } from '../json.ts';

const details = z.custom<Record<string, JsonValue>>((value) => typeof value === 'object' && value !== null);

/** A history event as the journal keeps it: payloads as JSON, not yet as JSON text. */
export const historyEventSchema = z.object({
  id: z.number(),
  previousEventId: z.number(),
  type: z.string(),
  atMs: z.number(),
  details: details.optional(),
});
export type HistoryEvent = z.infer<typeof historyEventSchema>;

const payloadFields = ['input', 'output', 'parameters'] as const;

const detailsKey = (type: string): string => {
  const stateEvent = /State(Entered|Exited)$/.exec(type);
  const name = stateEvent ? `state${stateEvent[1]}` : type.charAt(0).toLowerCase() + type.slice(1);
  return `${name}EventDetails`;
};

const withTexts = (
  kept: Record<string, JsonValue>,
  includeExecutionData: boolean,
): Record<string, JsonValue> => {
  const shown = { ...kept };
  for (const field of payloadFields) {
    const value = shown[field];
    if (value === undefined) continue;
    delete shown[field];
    if (field !== 'parameters') shown[`${field}Details`] = { truncated: false };
    if (includeExecutionData) shown[field] = JSON.stringify(value);
  }
  const assigned = shown.assignedVariables;
  if (assigned !== undefined && assigned !== null && typeof assigned === 'object') {
    shown.assignedVariables = Object.fromEntries(
      Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
    );
    shown.assignedVariablesDetails = { truncated: false };
  }
  return shown;
};

/** The event as GetExecutionHistory gives it: times in epoch seconds, payloads as JSON text. */
export const toApiEvent = (event: HistoryEvent, includeExecutionData: boolean): JsonValue => ({
  id: event.id,
  previousEventId: event.previousEventId,
  timestamp: event.atMs / 1000,
  type: event.type,
  ...(event.details === undefined
    ? {}
    : { [detailsKey(event.type)]: withTexts(event.details, includeExecutionData) }),
});
