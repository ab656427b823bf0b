/** The service behind a resource, by the third part of its ARN. */
const services: Record<string, string> = {
  events: 'events.amazonaws.com',
  'execute-api': 'apigateway.amazonaws.com',
  lambda: 'lambda.amazonaws.com',
  s3: 's3.amazonaws.com',
  scheduler: 'scheduler.amazonaws.com',
  sns: 'sns.amazonaws.com',
  states: 'states.amazonaws.com',
};

const kindOf = (arn: string): string => arn.split(':')[2] ?? '';

/** The service that takes on the role of a resource: `states.amazonaws.com` for a state machine. */
export const serviceOf = (arn: string): string | undefined => services[kindOf(arn)];

/** These call others in their own name: what they call has a policy that names them. */
const inTheirOwnName = new Set(['events', 'execute-api', 's3', 'sns']);

/** The service that calls in its own name for a resource: `events.amazonaws.com` for a rule. */
export const serviceCallingFor = (arn: string): string | undefined =>
  inTheirOwnName.has(kindOf(arn)) ? serviceOf(arn) : undefined;

/** Mail that arrives is handed on by SES itself, for no resource of the app. */
const mailService = 'ses.amazonaws.com';

/** Whether a service ever calls another in its own name here. */
export const callsOthers = (service: string): boolean =>
  service === mailService || [...inTheirOwnName].some((kind) => services[kind] === service);

/** A rule calls these in EventBridge's name, even if other targets of it need a role. */
const calledWithoutRole = new Set(['lambda', 'logs', 'sns', 'sqs']);

/** Whether a caller that has a role calls by it. */
export const callsByRole = (callerArn: string, action: string): boolean =>
  kindOf(callerArn) !== 'events' || !calledWithoutRole.has(action.split(':')[0] ?? '');
