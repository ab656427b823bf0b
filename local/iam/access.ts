import { ServiceError } from '../http/service-error.ts';
import type { SessionRequest } from './assume-role.ts';
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

/** A role that was taken on: who calls from then on, and what STS tells of it. */
export type AssumedRole = { caller: string; arn: string; userId: string };

export type Authorizer = {
  /** Throws AccessDenied unless the caller may do all of it. */
  authorize(caller: string, needs: readonly AccessNeed[]): void;
  /** Opens a session of a role of the templates. Throws AccessDenied unless the caller may take the role on. */
  assumeRole(caller: string, roleArn: string, request: SessionRequest): AssumedRole;
  /** What was granted, and what was asked by whom and decided. */
  usage(): Usage;
};

type PolicyType = 'identity-based' | 'resource-based';

/** Why a call is refused: a Deny of a policy of this type, or that none of this type allows it. */
export type Refusal = { isExplicit: boolean; policyType: PolicyType };

const serviceOf = (action: string): string => action.split(':')[0] ?? '';

const because = ({ isExplicit, policyType }: Refusal, action: string): string => {
  if (!isExplicit) return `because no ${policyType} policy allows the ${action} action`;
  return `with an explicit deny in ${policyType === 'identity-based' ? 'an' : 'a'} ${policyType} policy`;
};

/** SQS and SNS name actions in a case of their own, S3 quotes the resource, SES says no reason. */
const wording = (user: string, { action, resource }: AccessNeed, refusal: Refusal): string => {
  const named = (name: string, on: string) =>
    `User: ${user} is not authorized to perform: ${name} on resource: ${on} ${because(refusal, name)}`;
  switch (serviceOf(action)) {
    case 's3':
      return named(action, `"${resource}"`);
    case 'sqs':
      return named(action.toLowerCase(), resource);
    case 'sns':
      return named(action.replace(/^sns:/, 'SNS:'), resource);
    case 'ses':
      return `User \`${user}' is not authorized to perform \`${action}' on resource \`${resource}'`;
    default:
      return named(action, resource);
  }
};

type Code = 'AccessDenied' | 'AccessDeniedException' | 'AuthorizationError';

const codes: Record<string, Code> = {
  s3: 'AccessDenied',
  ses: 'AccessDenied',
  sns: 'AuthorizationError',
  sqs: 'AccessDenied',
  sts: 'AccessDenied',
};
const servicesOf400 = new Set(['dynamodb', 'events', 'states']);

/** The refusal of a call in the words, the code and the status of its service; every door renders it in its protocol. */
export class AccessDenied extends ServiceError {
  declare readonly code: Code;
  readonly need: AccessNeed;

  constructor(user: string, need: AccessNeed, refusal: Refusal) {
    const service = serviceOf(need.action);
    super(
      codes[service] ?? 'AccessDeniedException',
      wording(user, need, refusal),
      servicesOf400.has(service) ? 400 : 403,
    );
    this.need = need;
  }
}
