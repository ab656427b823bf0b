import type * as z from 'zod';
import type { HttpRequest } from './http-handler.ts';
import { HttpProblem } from './problem.ts';

/** Reads the parameters of a list. Throws HttpProblem that names every one that is unknown or wrong. */
export const parseQuery = <Schema extends z.ZodType>(
  schema: Schema,
  query: HttpRequest['query'],
): z.infer<Schema> => {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const parameters = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => ({ name, detail: 'unknown parameter' }))
      : [{ name: issue.path.join('.'), detail: issue.message }],
  );
  throw new HttpProblem('invalid-parameter', { parameters });
};

/** The key that a page ended at, as text for its caller to give back. */
export const writeCursor = (key: Record<string, unknown>): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** The key out of a cursor. Throws HttpProblem unless it has the form and `isFit`. */
export const readCursor = <Key extends Record<string, unknown>>(
  cursor: string,
  schema: z.ZodType<Key>,
  isFit: (key: Key) => boolean = () => true,
): Key => {
  try {
    const key = schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (isFit(key)) return key;
  } catch {
    // told below, as for a cursor of another list
  }
  throw new HttpProblem('invalid-parameter', { parameters: [{ name: 'cursor' }] });
};
