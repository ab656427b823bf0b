import type * as z from 'zod';
import type { JsonValue } from '../../json.ts';

/** What is wrong with a definition, each with its path in the file. */
export type Issues = string[];

const jsonPathFields = new Set([
  ...['InputPath', 'OutputPath', 'ResultPath', 'Parameters', 'ResultSelector', 'Result', 'ItemsPath'],
  ...['SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath'],
  ...['ToleratedFailureCountPath', 'ToleratedFailurePercentagePath', 'ErrorPath', 'CausePath', 'Variable'],
]);

const describeIssue = (issue: z.core.$ZodIssue, path: string): string[] => {
  const at = [path, ...issue.path.map(String)].join('/');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      jsonPathFields.has(key)
        ? `${at}/${key}: a JSONPath field; only JSONata is supported`
        : `${at}/${key}: unknown or not supported`,
    );
  }
  if (issue.path.at(-1) === 'QueryLanguage') return [`${at}: only "QueryLanguage": "JSONata" is supported`];
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${at}: ${message}`);
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat().flatMap((one) => (one.path.length > 0 ? describeIssue(one, at) : []));
    if (inner.length > 0) return inner;
  }
  return [`${at}: ${issue.message}`];
};

/** The value as the schema reads it; undefined, with its issues noted, if it does not fit. */
export const parsed = <T>(
  schema: z.ZodType<T>,
  value: JsonValue,
  path: string,
  issues: Issues,
): T | undefined => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  issues.push(...result.error.issues.flatMap((issue) => describeIssue(issue, path)));
  return undefined;
};
