import * as z from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
});

/** The policy a Lambda authorizer answers with. */
export const policySchema = z.object({
  Statement: z.union([z.array(statementSchema), statementSchema.transform((statement) => [statement])]),
});
export type ExecutePolicy = z.infer<typeof policySchema>;

/** IAM wildcards: `*` any run of characters, `?` one. */
const matchesWildcard = (pattern: string, text: string): boolean => {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
};

const isInvoke = (action: string) => matchesWildcard(action.toLowerCase(), 'execute-api:invoke');

export type Verdict = 'allowed' | 'denied' | 'explicitly denied';

/** Whether the policy lets its bearer call the method; a Deny outweighs every Allow. */
export const evaluatePolicy = ({ Statement: statements }: ExecutePolicy, methodArn: string): Verdict => {
  const effects = statements
    .filter(({ Action: actions, Resource: resources }) => {
      return actions.some(isInvoke) && resources.some((resource) => matchesWildcard(resource, methodArn));
    })
    .map(({ Effect: effect }) => effect);
  if (effects.includes('Deny')) return 'explicitly denied';
  return effects.includes('Allow') ? 'allowed' : 'denied';
};
