import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import type { MapState } from '../definition/state-schemas.ts';
import type { Scope } from '../expression/evaluate.ts';
import type { Turn } from '../turn.ts';

const wholeNumber = z.int().min(0);
const percentage = z.number().min(0).max(100);

const numeric = (schema: z.ZodNumber) =>
  z.union([
    schema,
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number)
      .pipe(schema),
  ]);

/**
 * One of the numbers of a Map; undefined where the state has none. A text that is a number will do, as recorded on
 * AWS for MaxConcurrency and both tolerances.
 */
export const mapNumber = async (
  turn: Turn,
  scope: Scope,
  field: string,
  template: JsonValue | undefined,
  schema: z.ZodNumber = wholeNumber,
): Promise<number | undefined> =>
  template === undefined
    ? undefined
    : turn.surroundings.evaluator.fillAs(numeric(schema), 'number', template, field, scope);

/** How many iterations run side by side (0: no limit of the state's own), and how many may fail. */
export const mapLimits = async (turn: Turn, scope: Scope, state: MapState) => {
  const { MaxConcurrency, ToleratedFailureCount, ToleratedFailurePercentage } = state;
  const tolerated = 'ToleratedFailurePercentage';
  return {
    maxConcurrency: (await mapNumber(turn, scope, 'MaxConcurrency', MaxConcurrency)) ?? 0,
    toleratedFailureCount: await mapNumber(turn, scope, 'ToleratedFailureCount', ToleratedFailureCount),
    toleratedFailurePercentage: await mapNumber(
      turn,
      scope,
      tolerated,
      ToleratedFailurePercentage,
      percentage,
    ),
  };
};
