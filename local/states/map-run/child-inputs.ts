import type { JsonValue } from '../../json.ts';
import type { MapRunPhase } from '../frame.ts';
import { payloadLimitBytes, sizeOf } from '../limits.ts';
import { MapRunError } from './map-run-error.ts';

/** What one child execution gets, and of how many items it is. */
export type ChildInput = { input: JsonValue; items: number };

const tooLarge = (limit: number): MapRunError =>
  new MapRunError(
    'States.DataLimitExceeded',
    `The input of a child execution exceeds the maximum of ${limit} bytes.`,
  );

async function* batches(
  items: AsyncIterable<JsonValue>,
  { maxItems = Number.POSITIVE_INFINITY, maxBytes = payloadLimitBytes, input }: Batch,
): AsyncGenerator<ChildInput> {
  const limit = Math.min(maxBytes, payloadLimitBytes);
  const envelope = (Items: JsonValue[]): JsonValue => ({
    ...(input === undefined ? {} : { BatchInput: input }),
    Items,
  });
  const emptyBytes = sizeOf(envelope([]));
  let batch: JsonValue[] = [];
  let bytes = emptyBytes;
  for await (const item of items) {
    const itemBytes = sizeOf(item) + (batch.length > 0 ? 1 : 0);
    if (batch.length >= maxItems || (batch.length > 0 && bytes + itemBytes > limit)) {
      yield { input: envelope(batch), items: batch.length };
      batch = [];
      bytes = emptyBytes;
    }
    batch.push(item);
    bytes += batch.length === 1 ? sizeOf(item) : itemBytes;
    if (bytes > limit) throw tooLarge(limit);
  }
  if (batch.length > 0) yield { input: envelope(batch), items: batch.length };
}

type Batch = NonNullable<MapRunPhase['batch']>;

/** Makes the inputs of child executions of items: one each, or batches of them. Throws MapRunError. */
export async function* childInputs(
  items: AsyncIterable<JsonValue>,
  batch: MapRunPhase['batch'],
): AsyncGenerator<ChildInput> {
  if (batch !== undefined) return yield* batches(items, batch);
  for await (const input of items) {
    if (sizeOf(input) > payloadLimitBytes) throw tooLarge(payloadLimitBytes);
    yield { input, items: 1 };
  }
}
