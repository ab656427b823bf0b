import type * as z from 'zod';
import type { Problem } from '../findings/finding.ts';
import { isUnsafeName, type Submission, submissionSchema } from './order-schema.ts';
import { missingCodeOf } from './required-fields.ts';
import { type Path, pointerTo, schemaProblems, valueAt } from './schema-problems.ts';

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
  const others = schemaProblems(submissionSchema, issues, body).filter(({ pointer }) => !known.has(pointer));
  const coded = others.map((problem) =>
    problem.code === 'REQUIRED_MISSING' ? { ...problem, code: missingCodeOf(problem.pointer) } : problem,
  );
  return { problems: [...unsafe, ...coded], draft: withoutInvalid(body, issues) };
};
