import type { JsonValue } from '../json.ts';

/** Largest input, output, argument or result of a state, in bytes of UTF-8 JSON. */
const payloadLimitBytes = 262_144;

/** Events one execution may have, its last one included. */
export const historyLimitEvents = 25_000;

/** Iterations of an inline Map that run side by side. */
export const inlineConcurrencyLimit = 40;

/** How long after its end an execution can be redriven: 14 days. */
export const redrivableMs = 14 * 24 * 3_600_000;

/** Tells whether the value's JSON text is beyond the payload limit. */
export const isTooLarge = (value: JsonValue): boolean =>
  Buffer.byteLength(JSON.stringify(value)) > payloadLimitBytes;
