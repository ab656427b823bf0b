import * as z from 'zod';
import type { JsonOperation } from '../http/aws-json.ts';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';

export type NewEvent = {
  source: string;
  detailType: string;
  detail: JsonValue;
  resources?: string[];
  /** Epoch milliseconds; now when absent. */
  timeMs?: number;
};

const largestRequestBytes = 1024 * 1024;

const entrySchema = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  /** Epoch seconds. */
  Time: z.number().optional(),
});
const inputSchema = z.object({ Entries: z.array(entrySchema).min(1).max(10) });

type Entry = z.infer<typeof entrySchema>;
type Outcome = { event: NewEvent } | { code: string; message: string };

const parseObject = (text: string): JsonValue | undefined => {
  try {
    const value: JsonValue = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const readEntry = ({ Source, DetailType, Detail, Resources, Time }: Entry): Outcome => {
  const missing = (name: string) => ({
    code: 'InvalidArgument',
    message: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  });
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.')) {
    return { code: 'NotAuthorizedForSourceException', message: `Not authorized for the source ${Source}.` };
  }
  const detail = parseObject(Detail);
  if (detail === undefined) return { code: 'MalformedDetail', message: 'Detail is malformed.' };
  const time = Time === undefined ? {} : { timeMs: Time * 1000 };
  return { event: { source: Source, detailType: DetailType, detail, resources: Resources ?? [], ...time } };
};

/** PutEvents: each entry is accepted or refused by itself. */
export const putEventsOperation =
  (put: (events: NewEvent[]) => Promise<string[]>): JsonOperation =>
  async (input) => {
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) throw new ServiceError('ValidationException', z.prettifyError(parsed.error));
    if (Buffer.byteLength(JSON.stringify(input)) > largestRequestBytes) {
      throw new ServiceError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const outcomes = parsed.data.Entries.map(readEntry);
    const ids = await put(outcomes.flatMap((outcome) => ('event' in outcome ? [outcome.event] : [])));
    const entries = outcomes.map((outcome): JsonValue => {
      if ('event' in outcome) return { EventId: ids.shift() ?? '' };
      return { ErrorCode: outcome.code, ErrorMessage: outcome.message };
    });
    return { FailedEntryCount: outcomes.filter((outcome) => 'code' in outcome).length, Entries: entries };
  };
