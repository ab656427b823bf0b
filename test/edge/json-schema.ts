import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** JSON Schema 2020-12 as far as the API's description uses it; another keyword is a fault of the test's own. */
const schemaSchema = z.strictObject({
  $ref: z.string().optional(),
  allOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  not: z.unknown().optional(),
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  propertyNames: z.unknown().optional(),
  items: z.unknown().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  // what tells people something and refuses nothing
  format: z.string().optional(),
  default: z.unknown().optional(),
});
type Schema = z.infer<typeof schemaSchema>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Violations of a schema, each as `path: keyword`; `document` is what its references point into. */
export const violations = (schema: unknown, value: unknown, document: unknown, path = '#'): string[] => {
  if (schema === true) return [];
  if (schema === false) return [`${path}: not described`];
  const known = schemaSchema.parse(schema);
  return [
    ...ofComposition(known, value, document, path),
    ...ofValue(known, value).map((keyword) => `${path}: ${keyword}`),
    ...(isObject(value) ? ofObject(known, value, document, path) : []),
    ...(Array.isArray(value) ? ofArray(known, value, document, path) : []),
  ];
};

const target = (ref: string, document: unknown): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), document);

const ofComposition = (schema: Schema, value: unknown, document: unknown, path: string): string[] => {
  const passes = (one: unknown) => violations(one, value, document, path).length === 0;
  const choices = schema.anyOf ?? schema.oneOf;
  return [
    ...(schema.$ref ? violations(target(schema.$ref, document), value, document, path) : []),
    ...(schema.allOf ?? []).flatMap((one) => violations(one, value, document, path)),
    ...(choices && !choices.some(passes) ? [`${path}: none of the choices`] : []),
    ...(schema.not !== undefined && passes(schema.not) ? [`${path}: not`] : []),
  ];
};

const ofValue = (schema: Schema, value: unknown): string[] => {
  const broken: [keyword: string, isBroken: boolean][] = [
    [`type ${schema.type}`, schema.type !== undefined && !(types[schema.type]?.(value) ?? false)],
    ['const', schema.const !== undefined && !isDeepStrictEqual(schema.const, value)],
    [`enum (${String(value)})`, schema.enum !== undefined && !schema.enum.includes(value)],
  ];
  if (typeof value === 'string') {
    const length = [...value].length;
    broken.push(
      ['pattern', schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)],
      ['minLength', length < (schema.minLength ?? 0)],
      ['maxLength', length > (schema.maxLength ?? Number.POSITIVE_INFINITY)],
    );
  }
  if (typeof value === 'number')
    broken.push(
      ['minimum', value < (schema.minimum ?? Number.NEGATIVE_INFINITY)],
      ['maximum', value > (schema.maximum ?? Number.POSITIVE_INFINITY)],
      ['exclusiveMinimum', value <= (schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY)],
    );
  return broken.filter(([, isBroken]) => isBroken).map(([keyword]) => keyword);
};

const ofObject = (
  schema: Schema,
  value: Record<string, unknown>,
  document: unknown,
  path: string,
): string[] => [
  ...(schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${path}: no ${name}`),
  ...Object.entries(value).flatMap(([name, inner]) => {
    const own =
      schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const nameProblems =
      schema.propertyNames === undefined
        ? []
        : violations(schema.propertyNames, name, document, `${path}/${name}`);
    return [
      ...nameProblems,
      ...violations(own ?? schema.additionalProperties ?? true, inner, document, `${path}/${name}`),
    ];
  }),
];

const ofArray = (schema: Schema, value: unknown[], document: unknown, path: string): string[] => [
  ...(value.length < (schema.minItems ?? 0) ? [`${path}: minItems`] : []),
  ...(value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY) ? [`${path}: maxItems`] : []),
  ...value.flatMap((inner, index) => violations(schema.items ?? true, inner, document, `${path}/${index}`)),
];
