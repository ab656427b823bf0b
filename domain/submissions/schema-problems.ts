import * as z from 'zod';
import { nearestName } from '../customers/nearest-name.ts';
import { type FindingCode, findingCodeSchema, type Problem } from '../findings/finding.ts';

/** How what a schema refused is told: a pointer, a stable code, what was sent, and what was probably meant. */

export type Path = readonly PropertyKey[];

/** RFC 6901, as a URI fragment. */
export const pointerTo = (path: Path): string =>
  ['#', ...path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');

/** The value at a path, own properties only; undefined where there is none. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null
        ? Object.getOwnPropertyDescriptor(inner, part)?.value
        : undefined,
    value,
  );

const shown = (value: unknown): string | undefined =>
  value === undefined ? undefined : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200);

const isOptional = (schema: unknown): schema is z.ZodOptional | z.ZodDefault =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;

const unwrapped = (schema: unknown): unknown => (isOptional(schema) ? unwrapped(schema.unwrap()) : schema);

const schemaAt = (root: z.ZodType, path: Path): unknown =>
  path.reduce<unknown>((outer, part) => {
    const schema = unwrapped(outer);
    if (schema instanceof z.ZodArray) return schema.element;
    if (schema instanceof z.ZodRecord) return schema.valueType;
    return schema instanceof z.ZodObject ? schema.shape[String(part)] : undefined;
  }, root);

const namesAt = (root: z.ZodType, path: Path): string[] => {
  const schema = unwrapped(schemaAt(root, path));
  if (schema instanceof z.ZodRecord)
    return schema.keyType instanceof z.ZodEnum ? schema.keyType.options.map(String) : [];
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};

const codeOf = (issue: z.core.$ZodIssue, value: unknown, isRequired: boolean): FindingCode => {
  const named = findingCodeSchema.safeParse(issue.message);
  const missing = value === undefined || value === null || value === '';
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') {
    if (missing && isRequired) return 'REQUIRED_MISSING';
    return issue.code === 'invalid_value' && typeof value === 'string' ? 'ENUM_UNKNOWN' : 'TYPE_INVALID';
  }
  if (named.success) return named.data;
  if (issue.code === 'too_big' && typeof value !== 'number') return 'TOO_LONG';
  return missing ? 'REQUIRED_MISSING' : 'FORMAT_INVALID';
};

const problemsOfIssue = (root: z.ZodType, issue: z.core.$ZodIssue, body: unknown): Problem[] => {
  if (issue.code === 'unrecognized_keys') {
    const known = namesAt(root, issue.path);
    return issue.keys.map((key) => {
      const suggestion = nearestName(key, known);
      return {
        code: 'UNKNOWN_FIELD',
        pointer: pointerTo([...issue.path, key]),
        value: key,
        ...(suggestion && { suggestion }),
      };
    });
  }
  const value = valueAt(body, issue.path);
  const suggestion =
    issue.code === 'invalid_value' && typeof value === 'string'
      ? nearestName(value, issue.values.map(String))
      : undefined;
  const sent = shown(value);
  return [
    {
      code: codeOf(issue, value, !isOptional(schemaAt(root, issue.path))),
      pointer: pointerTo(issue.path),
      ...(sent && { value: sent }),
      ...(suggestion && { suggestion }),
    },
  ];
};

/** All problems of a body that its schema refused; unknown fields with the nearest known name. */
export const schemaProblems = (
  root: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  body: unknown,
): Problem[] => issues.flatMap((issue) => problemsOfIssue(root, issue, body));
