import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { JsonValue } from '../json.ts';

const flag = z.union([z.boolean(), z.stringbool()]);
const patternSchema = z.string().transform((text): JsonValue => JSON.parse(text));
const mappingSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: flag.default(true),
  BatchSize: z.coerce.number().optional(),
  StartingPosition: z.string().default('TRIM_HORIZON'),
  BisectBatchOnFunctionError: flag.default(false),
  MaximumRetryAttempts: z.coerce.number().default(-1),
  MaximumRecordAgeInSeconds: z.coerce.number().default(-1),
  FunctionResponseTypes: z.array(z.string()).default([]),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: patternSchema })).default([]) }).optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).optional(),
});

/** How a function reads a stream or a queue. */
export type MappingSpec = {
  id: string;
  logicalId: string;
  sourceArn: string;
  functionName: string;
  batchSize: number;
  startsAtLatest: boolean;
  bisects: boolean;
  /** Infinity where the template sets no limit. */
  maxRetryAttempts: number;
  maxRecordAgeMs: number;
  reportsItemFailures: boolean;
  /** An event passes when any of them matches; all pass where there are none. */
  patterns: JsonValue[];
  onFailureArn: string | undefined;
};

const limited = (value: number): number => (value < 0 ? Number.POSITIVE_INFINITY : value);

const defaultBatchSize = (sourceArn: string): number => (sourceArn.startsWith('arn:aws:sqs:') ? 10 : 100);

/** The enabled event source mappings of the templates. */
export const declaredMappings = (registry: Registry): MappingSpec[] =>
  registry.ofType('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const declared = resource.read(mappingSchema);
    if (!declared.Enabled) return [];
    return {
      id: resource.ref,
      logicalId: resource.logicalId,
      sourceArn: declared.EventSourceArn,
      functionName: declared.FunctionName,
      batchSize: declared.BatchSize ?? defaultBatchSize(declared.EventSourceArn),
      startsAtLatest: declared.StartingPosition === 'LATEST',
      bisects: declared.BisectBatchOnFunctionError,
      maxRetryAttempts: limited(declared.MaximumRetryAttempts),
      maxRecordAgeMs: limited(declared.MaximumRecordAgeInSeconds) * 1000,
      reportsItemFailures: declared.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      patterns: declared.FilterCriteria?.Filters.map(({ Pattern: pattern }) => pattern) ?? [],
      onFailureArn: declared.DestinationConfig?.OnFailure?.Destination,
    };
  });
