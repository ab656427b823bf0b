import * as z from 'zod';
import { common, expression, json, recovery, results, transition } from './state-fields.ts';

const number = (schema: z.ZodNumber) => z.union([schema, expression]).optional();
const count = number(z.int().min(0));

const readerConfig = z.strictObject({
  InputType: z.enum(['CSV', 'JSON', 'JSONL']).optional(),
  Transformation: z.enum(['NONE', 'LOAD_AND_FLATTEN']).default('NONE'),
  CSVDelimiter: z.enum(['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB']).default('COMMA'),
  CSVHeaderLocation: z.enum(['FIRST_ROW', 'GIVEN']).optional(),
  CSVHeaders: z.array(z.string()).min(1).optional(),
  ItemsPointer: z.string().optional(),
  MaxItems: number(z.int().min(0).max(100_000_000)),
});
const itemReader = z.strictObject({
  Comment: z.string().optional(),
  Resource: z.enum(['arn:aws:states:::s3:getObject', 'arn:aws:states:::s3:listObjectsV2']),
  ReaderConfig: readerConfig.prefault({}),
  Arguments: json,
});
const itemBatcher = z.strictObject({
  Comment: z.string().optional(),
  MaxItemsPerBatch: count,
  MaxInputBytesPerBatch: number(z.int().min(0).max(262_144)),
  BatchInput: json.optional(),
});
const writerConfig = z.strictObject({
  Transformation: z.enum(['NONE', 'COMPACT', 'FLATTEN']).optional(),
  OutputType: z.enum(['JSON', 'JSONL']).default('JSON'),
});
const resultWriter = z.strictObject({
  Comment: z.string().optional(),
  Resource: z.literal('arn:aws:states:::s3:putObject').optional(),
  Arguments: json.optional(),
  WriterConfig: writerConfig.optional(),
});

/** A Map as written; its item processor is still plain JSON. */
export const map = z.strictObject({
  Type: z.literal('Map'),
  ...common,
  ...transition,
  ...results,
  ...recovery,
  Items: z.union([z.array(json), z.record(z.string(), json), expression]).optional(),
  ItemSelector: json.optional(),
  ItemProcessor: json,
  MaxConcurrency: count,
  // AWS accepts these two on an inline Map and gives them no effect there.
  ToleratedFailureCount: count,
  ToleratedFailurePercentage: number(z.number().min(0).max(100)),
  Label: z
    .string()
    .min(1)
    .max(40)
    .regex(/^[^\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]+$/u, 'holds a character that a label cannot have')
    .optional(),
  ItemReader: itemReader.optional(),
  ItemBatcher: itemBatcher.optional(),
  ResultWriter: resultWriter.optional(),
});

/** What a Map says of how its iterations run. */
export const processorConfigSchema = z.strictObject({
  Mode: z.enum(['INLINE', 'DISTRIBUTED']).default('INLINE'),
  ExecutionType: z.enum(['STANDARD', 'EXPRESS']).optional(),
});

type MapFields = z.infer<typeof map>;
export type ProcessorConfig = z.infer<typeof processorConfigSchema>;
export type ItemReader = NonNullable<MapFields['ItemReader']>;
export type ReaderConfig = ItemReader['ReaderConfig'];
export type ResultWriter = NonNullable<MapFields['ResultWriter']>;
