import * as z from 'zod';
import { S3Error } from './s3-error.ts';

const conditionSchema = z.union([
  z.tuple([z.literal('content-length-range'), z.coerce.number(), z.coerce.number()]),
  z.tuple([z.enum(['eq', 'starts-with']), z.string().startsWith('$'), z.string()]),
  z.record(z.string(), z.string()),
]);
type Condition = z.infer<typeof conditionSchema>;

const policySchema = z.object({ expiration: z.iso.datetime(), conditions: z.array(conditionSchema) });

/** Fields that need no condition: they carry or prove the policy, or say what the address says. */
const isFree = (name: string) =>
  ['policy', 'x-amz-signature', 'file', 'awsaccesskeyid', 'signature', 'bucket'].includes(name) ||
  name.startsWith('x-ignore-');

const denied = (reason: string) =>
  new S3Error('AccessDenied', { message: `Invalid according to Policy: ${reason}` });

const readPolicy = (encoded: string) => {
  try {
    return policySchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
  } catch {
    throw new S3Error('InvalidPolicyDocument', { message: 'Invalid Policy: the document cannot be read.' });
  }
};

type FieldTest = { name: string; operator: 'eq' | 'starts-with'; value: string };

const toFieldTests = (condition: Condition): FieldTest[] => {
  if (!Array.isArray(condition)) {
    return Object.entries(condition).map(([name, value]) => ({
      name: name.toLowerCase(),
      operator: 'eq',
      value,
    }));
  }
  if (condition[0] === 'content-length-range') return [];
  const [operator, field, value] = condition;
  return [{ name: field.slice(1).toLowerCase(), operator, value }];
};

const holds = ({ name, operator, value }: FieldTest, actual: string | undefined) => {
  if (actual === undefined) return false;
  if (operator === 'eq') return actual === value;
  // Content types with commas are a list, and each of them must begin so.
  const all = name === 'content-type' ? actual.split(',').map((type) => type.trim()) : [actual];
  return all.every((one) => one.startsWith(value));
};

/**
 * Enforces a POST policy on a form's fields: its expiry, each condition, and no field without one.
 * Answers the size limits that the file must keep.
 */
export const enforcePolicy = (
  encodedPolicy: string,
  fields: ReadonlyMap<string, string>,
  nowMs: number,
): { minBytes?: number; maxBytes?: number } => {
  const policy = readPolicy(encodedPolicy);
  if (Date.parse(policy.expiration) <= nowMs) throw denied('Policy expired.');
  const tests = policy.conditions.flatMap(toFieldTests);
  for (const test of tests) {
    if (!holds(test, fields.get(test.name))) {
      const text = JSON.stringify([test.operator, `$${test.name}`, test.value]);
      throw denied(`Policy Condition failed: ${text}`);
    }
  }
  const allowed = new Set(tests.map(({ name }) => name));
  const extra = [...fields.keys()].filter((name) => !allowed.has(name) && !isFree(name));
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
  const range = policy.conditions.find(
    (condition) => Array.isArray(condition) && condition[0] === 'content-length-range',
  );
  if (!Array.isArray(range) || range[0] !== 'content-length-range') return {};
  return { minBytes: range[1], maxBytes: range[2] };
};
