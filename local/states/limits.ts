import type { JsonValue } from '../json.ts';

/** Largest input, output, argument or result of a state, in bytes of UTF-8 JSON. */
export const payloadLimitBytes = 262_144;

/** Events one execution may have, its last one included. */
export const historyLimitEvents = 25_000;

/** Iterations of an inline Map that run side by side. */
export const inlineConcurrencyLimit = 40;

/** Child executions of one map run that run side by side here; AWS allows ten times as many. */
export const distributedConcurrencyLimit = 1_000;

/** How often a map run can be redriven. */
export const mapRunRedriveLimit = 1_000;

/** How long after its end an execution is kept: 90 days. */
export const historyKeptMs = 90 * 24 * 3_600_000;

/** Largest size of all variables of an execution together, in bytes of UTF-8 JSON. */
export const variablesLimitBytes = 10 * 1024 * 1024;

/** How long after its end an execution can be redriven: 14 days. */
export const redrivableMs = 14 * 24 * 3_600_000;

/** The length of the value's JSON text in bytes of UTF-8. */
export const sizeOf = (value: JsonValue): number => Buffer.byteLength(JSON.stringify(value));

/** Tells whether the value's JSON text is beyond the payload limit. */
export const isTooLarge = (value: JsonValue): boolean => sizeOf(value) > payloadLimitBytes;
