import jsonata from 'jsonata';
import * as z from 'zod';
import { onEntry, onExit } from './budget.ts';

const cacheLimit = 5_000;
const cache = new Map<string, jsonata.Expression>();

/** The expression's syntax tree, parsed once; throws as jsonata does. */
export const parseExpression = (text: string): jsonata.Expression => {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const expression = jsonata(text);
  // jsonata looks its hooks up under symbols, which its types do not know.
  Reflect.apply(expression.assign, expression, [Symbol.for('jsonata.__evaluate_entry'), onEntry]);
  Reflect.apply(expression.assign, expression, [Symbol.for('jsonata.__evaluate_exit'), onExit]);
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(text, expression);
  return expression;
};

const jsonataError = z.object({ code: z.string().optional(), message: z.string() });

/** `T2001: The left side …` for a coded error; the bare message of any other. */
export const describeJsonataError = (error: unknown): { code: string | undefined; message: string } => {
  const known = jsonataError.safeParse(error);
  return known.success
    ? { code: known.data.code, message: known.data.message }
    : { code: undefined, message: String(error) };
};

/** What is wrong with the expression's syntax, if anything. */
export const syntaxErrorIn = (text: string): string | undefined => {
  try {
    parseExpression(text);
    return undefined;
  } catch (error) {
    return describeJsonataError(error).message;
  }
};
