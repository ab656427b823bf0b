import { ServiceError } from '../http/service-error.ts';
import type { Usage } from './usage.ts';

export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One permission that a call takes. */
export type AccessNeed = {
  /** `dynamodb:PutItem`. */
  action: string;
  /** An ARN, or `*` for actions that have no resource. */
  resource: string;
  /** What the call says of itself to conditions: `{ 'ses:FromAddress': 'desk@example.com' }`. */
  context?: Context;
};

export type Authorizer = {
  /** Throws AccessDenied unless the caller may do all of it. */
  authorize(caller: string, needs: readonly AccessNeed[]): void;
  /** What was granted, and what was asked by whom and decided. */
  usage(): Usage;
};

type PolicyType = 'identity-based' | 'resource-based';

/** Why a call is refused: a Deny of a policy of this type, or that none of this type allows it. */
export type Refusal = { isExplicit: boolean; policyType: PolicyType };

/** How each service words a refusal, and the HTTP status it answers with. */
const because = ({ isExplicit, policyType }: Refusal, action: string): string => {
  if (!isExplicit) return `because no ${policyType} policy allows the ${action} action`;
  return `with an explicit deny in ${policyType === 'identity-based' ? 'an' : 'a'} ${policyType} policy`;
};

const wording = (user: string, { action, resource }: AccessNeed, refusal: Refusal): string => {
  const named = (name: string, on: string) =>
    `User: ${user} is not authorized to perform: ${name} on resource: ${on} ${because(refusal, name)}`;
  switch (action.split(':')[0]) {
    case 's3':
      return named(action, `"${resource}"`);
    case 'sqs':
      return named(action.toLowerCase(), resource);
    case 'ses':
      return `User \`${user}' is not authorized to perform \`${action}' on resource \`${resource}'`;
    default:
      return named(action, resource);
  }
};

const servicesOfShortCode = new Set(['s3', 'ses', 'sqs']);
const servicesOf400 = new Set(['dynamodb', 'events', 'states']);

/** The refusal of a call in the words, the code and the status of its service; every door renders it in its protocol. */
export class AccessDenied extends ServiceError {
  declare readonly code: 'AccessDeniedException' | 'AccessDenied';
  readonly need: AccessNeed;

  constructor(user: string, need: AccessNeed, refusal: Refusal) {
    const service = need.action.split(':')[0] ?? '';
    super(
      servicesOfShortCode.has(service) ? 'AccessDenied' : 'AccessDeniedException',
      wording(user, need, refusal),
      servicesOf400.has(service) ? 400 : 403,
    );
    this.need = need;
  }
}
