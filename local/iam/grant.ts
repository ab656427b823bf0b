/** One action on one resource that a statement allows. */
export type Grant = {
  /** ARN of the role that has it, or of the resource whose policy it is. */
  holder: string;
  /** Where its policy stands: stack, logical id, path. */
  policy: string;
  /** Its statement's place in the policy, from 0. */
  statement: number;
  /** As written: `dynamodb:PutItem`, `s3:Get*`, `not iam:*`. */
  action: string;
  /** As written, resolved. */
  resource: string;
  /** Whom a resource policy names, as JSON. */
  principal?: string;
  /** What it is bound to, as JSON. */
  condition?: string;
};

/** The same for the same grant in every run over the same templates. */
export const grantKey = ({ holder, policy, statement, action, resource }: Grant): string =>
  [holder, policy, statement, action, resource].join(' ');
