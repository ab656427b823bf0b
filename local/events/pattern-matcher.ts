import { BlockList, isIP } from 'node:net';
import type { JsonValue } from '../json.ts';

/** Tests one leaf value of an event; undefined stands for an absent field. */
export type Matcher = (value: JsonValue | undefined) => boolean;

type Operator = (operand: JsonValue) => Matcher;

const refuse = (operator: string, operand: JsonValue): never => {
  throw new Error(`Event pattern: '${operator}' does not take ${JSON.stringify(operand)}.`);
};

/** An operator on strings whose operand is a string, or {"equals-ignore-case": string} where AWS allows it. */
const textOperator =
  (name: string, test: (value: string, operand: string) => boolean): Operator =>
  (operand) => {
    if (typeof operand === 'string') return (value) => typeof value === 'string' && test(value, operand);
    const folded = operandOf(operand, 'equals-ignore-case');
    if (typeof folded !== 'string') return refuse(name, operand);
    const lower = folded.toLowerCase();
    return (value) => typeof value === 'string' && test(value.toLowerCase(), lower);
  };

const operandOf = (value: JsonValue, name: string): JsonValue | undefined => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const names = Object.keys(value);
  return names.length === 1 && names[0] === name ? value[name] : undefined;
};

const equalsIgnoreCase: Operator = (operand) => {
  if (typeof operand !== 'string') return refuse('equals-ignore-case', operand);
  const lower = operand.toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === lower;
};

const wildcard: Operator = (operand) => {
  if (typeof operand !== 'string' || /\*\*|\\(?![*\\])/.test(operand.replaceAll('\\\\', ''))) {
    return refuse('wildcard', operand);
  }
  const source = operand.replace(/\\[*\\]|[\s\S]/g, (token) => {
    if (token === '*') return '[\\s\\S]*';
    return token.length === 2 ? token : token.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
  });
  const expression = new RegExp(`^${source}$`);
  return (value) => typeof value === 'string' && expression.test(value);
};

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound,
  '>=': (value, bound) => value >= bound,
  '>': (value, bound) => value > bound,
};

const numeric: Operator = (operand) => {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    return refuse('numeric', operand);
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = comparisons[String(operand[index])];
    const bound = operand[index + 1];
    if (!compare || typeof bound !== 'number') return refuse('numeric', operand);
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
};

const exists: Operator = (operand) =>
  typeof operand === 'boolean' ? (value) => (value !== undefined) === operand : refuse('exists', operand);

const cidr: Operator = (operand) => {
  const [address = '', bits = ''] = typeof operand === 'string' ? operand.split('/') : [];
  const version = isIP(address);
  if (version === 0 || !/^\d+$/.test(bits)) return refuse('cidr', operand);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family);
  return (value) => typeof value === 'string' && isIP(value) === version && range.check(value, family);
};

const anythingBut: Operator = (operand) => {
  const listed = Array.isArray(operand) ? operand : [operand];
  if (listed.length > 0 && listed.every((item) => typeof item === 'string' || typeof item === 'number')) {
    const refused = new Set<JsonValue>(listed);
    return (value) => value !== undefined && !refused.has(value);
  }
  for (const [name, inner] of Object.entries(anythingButOperators)) {
    const innerOperand = operandOf(operand, name);
    if (innerOperand === undefined) continue;
    const matchers = (Array.isArray(innerOperand) ? innerOperand : [innerOperand]).map(inner);
    return (value) => value !== undefined && !matchers.some((matches) => matches(value));
  }
  return refuse('anything-but', operand);
};

const prefix = textOperator('prefix', (value, operand) => value.startsWith(operand));
const suffix = textOperator('suffix', (value, operand) => value.endsWith(operand));

const anythingButOperators = { prefix, suffix, 'equals-ignore-case': equalsIgnoreCase, wildcard };

const operators = new Map<string, Operator>(
  Object.entries({ ...anythingButOperators, numeric, exists, cidr, 'anything-but': anythingBut }),
);

/** One element of a pattern's array: a literal, or an object with one operator. Throws on an unknown one. */
export const compileMatcher = (wanted: JsonValue): Matcher => {
  if (wanted === null || typeof wanted !== 'object') return (value) => value === wanted;
  const [entry, ...others] = Array.isArray(wanted) ? [] : Object.entries(wanted);
  const operator = entry && operators.get(entry[0]);
  if (!entry || !operator || others.length > 0) {
    throw new Error(`Event pattern: ${JSON.stringify(wanted)} is not a supported operator.`);
  }
  return operator(entry[1]);
};
