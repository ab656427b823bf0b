import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import type { StatesEngine } from '../states/engine.ts';
import type { CaseEvent } from './recorded-case.ts';

const json = z.custom<JsonValue>((value) => value !== undefined);
const pageSchema = z.object({
  events: z.array(
    z
      .object({ id: z.number(), previousEventId: z.number(), timestamp: z.number(), type: z.string() })
      .catchall(json),
  ),
  nextToken: z.string().optional(),
});

const parse = (text: JsonValue): JsonValue => (typeof text === 'string' ? JSON.parse(text) : text);

const parseIfObject = (text: JsonValue): JsonValue => {
  if (typeof text !== 'string' || !text.startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Details in the manner of the case file: payload texts parsed, notes on truncation dropped. */
const withParsedPayloads = (details: Record<string, JsonValue>): Record<string, JsonValue> => {
  const parsed: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(details)) {
    if (['inputDetails', 'outputDetails', 'assignedVariablesDetails'].includes(key)) continue;
    if (['input', 'output', 'parameters'].includes(key)) parsed[key] = parse(value);
    else if (key === 'cause') parsed[key] = parseIfObject(value);
    else if (key === 'assignedVariables' && value !== null && typeof value === 'object') {
      parsed[key] = Object.fromEntries(Object.entries(value).map(([name, text]) => [name, parse(text)]));
    } else parsed[key] = value;
  }
  return parsed;
};

/** The history of an execution, through the API, in the shape of a recorded one. */
export const actualHistory = async (engine: StatesEngine, executionArn: string): Promise<CaseEvent[]> => {
  const events: CaseEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = pageSchema.parse(
      await engine.operations.GetExecutionHistory?.({
        executionArn,
        maxResults: 1000,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    for (const { timestamp: _, ...event } of page.events) {
      const fields = Object.entries(event).map(([key, value]): [string, JsonValue] =>
        value !== null && typeof value === 'object' && !Array.isArray(value)
          ? [key, withParsedPayloads(value)]
          : [key, value],
      );
      events.push({ ...Object.fromEntries(fields), ...pick(event) });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
};

const pick = ({ id, previousEventId, type }: { id: number; previousEventId: number; type: string }) => ({
  id,
  previousEventId,
  type,
});
