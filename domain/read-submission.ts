import * as z from 'zod';
import type { FindingCode, Problem } from './finding.ts';
import { findingCodeSchema } from './finding.ts';
import { nearestName } from './nearest-name.ts';
import { isUnsafeName, type Submission, submissionSchema } from './order-schema.ts';

type DeepPartial<T> = T extends (infer Item)[]
  ? DeepPartial<Item>[]
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T;

/** A submission as it is sent: what has a default may be left out. */
export type SubmissionInput = z.input<typeof submissionSchema>;

/** What is left of a submission when every ill-formed value has been taken out: whatever is present is well-formed. */
export type Draft = DeepPartial<SubmissionInput>;

export type ReadSubmission = { problems: Problem[]; draft: Draft; submission?: Submission };

type Path = readonly PropertyKey[];

/** RFC 6901, as a URI fragment. */
export const pointerTo = (path: Path): string =>
  ['#', ...path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');

const valueAt = (value: unknown, path: Path): unknown =>
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

const schemaAt = (path: Path): unknown =>
  path.reduce<unknown>((outer, part) => {
    const schema = unwrapped(outer);
    if (schema instanceof z.ZodArray) return schema.element;
    return schema instanceof z.ZodObject ? schema.shape[String(part)] : undefined;
  }, submissionSchema);

const namesAt = (path: Path): string[] => {
  const schema = unwrapped(schemaAt(path));
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};

const codeOf = (issue: z.core.$ZodIssue, value: unknown): FindingCode => {
  const named = findingCodeSchema.safeParse(issue.message);
  const missing = value === undefined || value === null || value === '';
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') {
    if (missing && !isOptional(schemaAt(issue.path))) return 'REQUIRED_MISSING';
    return issue.code === 'invalid_value' && typeof value === 'string' ? 'ENUM_UNKNOWN' : 'TYPE_INVALID';
  }
  if (named.success) return named.data;
  if (issue.code === 'too_big') return 'TOO_LONG';
  return missing ? 'REQUIRED_MISSING' : 'FORMAT_INVALID';
};

const problemsOf = (issue: z.core.$ZodIssue, body: unknown): Problem[] => {
  if (issue.code === 'unrecognized_keys') {
    const known = namesAt(issue.path);
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
      code: codeOf(issue, value),
      pointer: pointerTo(issue.path),
      ...(sent && { value: sent }),
      ...(suggestion && { suggestion }),
    },
  ];
};

const withoutInvalid = (body: unknown, issues: readonly z.core.$ZodIssue[]): Draft => {
  const draft: unknown = structuredClone(body);
  if (typeof draft !== 'object' || draft === null || Array.isArray(draft)) return {};
  for (const issue of issues) {
    const parent = valueAt(draft, issue.path.slice(0, -1));
    const key = issue.path.at(-1);
    if (
      issue.code === 'unrecognized_keys' ||
      key === undefined ||
      typeof parent !== 'object' ||
      parent === null
    )
      continue;
    if (Array.isArray(parent)) parent[Number(key)] = {};
    else Reflect.deleteProperty(parent, key);
  }
  return draft as Draft; // every value that the schema refused is gone
};

const maxDepth = 10;
const isTooDeep = (value: unknown, depth = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth >= maxDepth || Object.values(value).some((inner) => isTooDeep(inner, depth + 1)));

/** Names that a free-form object may not have; zod would drop the one without a word and DynamoDB trip over the other. */
const unsafeNames = (value: unknown, path: Path = []): Problem[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]): Problem[] =>
        isUnsafeName(name)
          ? [{ code: 'UNKNOWN_FIELD', pointer: pointerTo([...path, name]), value: name }]
          : unsafeNames(inner, [...path, name]),
      )
    : [];

/** Reads a parsed JSON body field by field: every problem at once, and what could be read for the checks that follow. */
export const readSubmission = (body: unknown): ReadSubmission => {
  if (isTooDeep(body))
    return { problems: [{ code: 'TYPE_INVALID', pointer: '#', expected: `depth ≤ ${maxDepth}` }], draft: {} };
  const parsed = submissionSchema.safeParse(body);
  const unsafe = unsafeNames(body);
  if (parsed.success && unsafe.length === 0)
    return { problems: [], draft: parsed.data, submission: parsed.data };
  const issues = parsed.error?.issues ?? [];
  const known = new Set(unsafe.map(({ pointer }) => pointer));
  const others = issues
    .flatMap((issue) => problemsOf(issue, body))
    .filter(({ pointer }) => !known.has(pointer));
  return { problems: [...unsafe, ...others], draft: withoutInvalid(body, issues) };
};
