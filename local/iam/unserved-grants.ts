import type { Grant } from './grant.ts';
import { callsOthers } from './services.ts';

const servedServices = new Set([
  'apigateway',
  'dynamodb',
  'events',
  'execute-api',
  'lambda',
  's3',
  'ses',
  'sns',
  'sqs',
  'states',
]);

const reasons: Record<string, string> = {
  cloudwatch: 'there are no metrics here',
  ec2: 'there are no networks here',
  kms: 'nothing is encrypted here',
  logs: 'log lines go to files here',
  xray: 'there are no traces here',
};

const namedServices = (principal: string | undefined): string[] =>
  (principal ?? '').match(/[\w.-]+\.amazonaws\.com/g) ?? [];

/** Why no call here can ever use a grant; undefined where one can. */
export const whyUnserved = ({ action, principal, condition }: Grant): string | undefined => {
  const service = action.split(':')[0] ?? '';
  if (action.includes(':') && !action.startsWith('not ') && !servedServices.has(service)) {
    return reasons[service] ?? `${service} is not served here`;
  }
  const services = namedServices(principal);
  if (services.length > 0 && !services.some((name) => callsOthers(name))) {
    return `${services.join(', ')} calls nothing here`;
  }
  if (condition?.includes('/test-invoke-stage/')) return 'only the console of API Gateway calls by it';
  return undefined;
};
