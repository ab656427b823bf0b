import { BlockList, isIP, isIPv6 } from 'node:net';
import { compilePattern, compileText, matches, type Pattern } from './wildcard.ts';

/** Whether a value of the request is as a value of the policy wants it. */
type Test = (value: string, wanted: string) => boolean;

export type Operator = { compile: (text: string) => Pattern; test: Test; isNegated: boolean };

const arnParts = (arn: string): string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** Each of the six parts by itself, so that no wildcard reaches over a colon between them. */
const matchesArn: Test = (value, wanted) => {
  const parts = arnParts(value);
  const patterns = arnParts(wanted);
  if (patterns.length !== parts.length) return false;
  return patterns.every((pattern, index) => matches(pattern, parts[index] ?? ''));
};

/** Whether an address lies in a network: 10.0.0.0/8, 2001:db8::/32, or one address alone. */
const isInNetwork: Test = (value, wanted) => {
  const [network = '', prefix] = wanted.split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (!isIP(network) || !isIP(value)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  return list.check(value, isIPv6(value) ? 'ipv6' : 'ipv4');
};

const toMs = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const toNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

type Compare = (value: number, wanted: number) => boolean;
const comparisons: Record<string, Compare> = {
  Equals: (value, wanted) => value === wanted,
  GreaterThan: (value, wanted) => value > wanted,
  GreaterThanEquals: (value, wanted) => value >= wanted,
  LessThan: (value, wanted) => value < wanted,
  LessThanEquals: (value, wanted) => value <= wanted,
};
const compared = (prefix: string, toValue: (text: string) => number): [string, Operator][] =>
  Object.entries(comparisons).map(([name, compare]) => [
    `${prefix}${name}`,
    {
      compile: compileText,
      test: (value, wanted) => compare(toValue(value), toValue(wanted)),
      isNegated: false,
    },
  ]);

const positive = new Map<string, Operator>([
  ['StringEquals', { compile: compileText, test: (value, wanted) => value === wanted, isNegated: false }],
  [
    'StringEqualsIgnoreCase',
    {
      compile: compileText,
      test: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
      isNegated: false,
    },
  ],
  [
    'StringLike',
    { compile: compilePattern, test: (value, wanted) => matches(wanted, value), isNegated: false },
  ],
  ['ArnEquals', { compile: compilePattern, test: matchesArn, isNegated: false }],
  ['ArnLike', { compile: compilePattern, test: matchesArn, isNegated: false }],
  [
    'Bool',
    {
      compile: compileText,
      test: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
      isNegated: false,
    },
  ],
  ['IpAddress', { compile: compileText, test: isInNetwork, isNegated: false }],
  ...compared('Numeric', toNumber),
  ...compared('Date', toMs),
]);

const negations: Record<string, string> = {
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
};

/** The operator without its set prefix and `IfExists`; undefined when it is not read here. */
export const findOperator = (name: string): Operator | undefined => {
  const negated = positive.get(negations[name] ?? '');
  return negated === undefined ? positive.get(name) : { ...negated, isNegated: true };
};
