import type { RequestKeys } from './request-keys.ts';

// Private-use characters stand for the wildcards, so that a literal `*` can come from `${*}` or a variable's value.
const anyRun = '\uE000';
const anyOne = '\uE001';

/** A pattern filled in with the variables of a request; undefined where the request has no such key. */
export type Pattern = (keys: RequestKeys) => string | undefined;

type Part = string | { key: string; otherwise: string | undefined };

const variable = /\$\{\s*([^,}]+?)\s*(?:,\s*'([^']*)'\s*)?\}/g;
const literals = new Set(['*', '?', '$']);

/** The keys of the policy variables in a text: `aws:PrincipalArn` of `${aws:PrincipalArn}`. */
export const variablesIn = (text: string): string[] =>
  [...text.matchAll(variable)].map(([, key = '']) => key).filter((key) => !literals.has(key));

const partsOf = (text: string, toLiteral: (text: string) => string): Part[] => {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: whole, 1: key = '', 2: otherwise, index } of text.matchAll(variable)) {
    parts.push(toLiteral(text.slice(end, index)));
    parts.push(literals.has(key) ? key : { key: key.toLowerCase(), otherwise });
    end = index + whole.length;
  }
  return [...parts, toLiteral(text.slice(end))];
};

const textOf = (part: Part, keys: RequestKeys): string | undefined => {
  if (typeof part === 'string') return part;
  const values = keys(part.key);
  return values?.length === 1 ? values[0] : part.otherwise;
};

const fillIn = (parts: readonly Part[], keys: RequestKeys): string | undefined => {
  let filled = '';
  for (const part of parts) {
    const value = textOf(part, keys);
    if (value === undefined) return undefined;
    filled += value;
  }
  return filled;
};

const compile = (text: string, toLiteral: (text: string) => string): Pattern => {
  const parts = partsOf(text, toLiteral);
  if (parts.some((part) => typeof part !== 'string')) return (keys) => fillIn(parts, keys);
  const whole = parts.join('');
  return () => whole;
};

/** A text in which `*` stands for any run of characters, `?` for one, and `${key}` for a value of the request. */
export const compilePattern = (text: string): Pattern =>
  compile(text, (part) => part.replaceAll('*', anyRun).replaceAll('?', anyOne));

/** A text without wildcards, but with variables. */
export const compileText = (text: string): Pattern => compile(text, (part) => part);

/** Whether a filled-in pattern is the whole text. */
export const matches = (pattern: string, text: string): boolean => {
  let p = 0;
  let t = 0;
  let lastRun = -1;
  let resumeAt = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === anyRun) {
      lastRun = p++;
      resumeAt = t;
    } else if (wanted === anyOne || wanted === text[t]) {
      p++;
      t++;
    } else if (lastRun >= 0) {
      p = lastRun + 1;
      t = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === anyRun) p++;
  return p === pattern.length;
};
