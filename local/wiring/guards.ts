import type { JsonObject } from '../calls/call.ts';
import { createGuard, type Guard, type GuardSurroundings } from '../http/guard.ts';
import { apigatewayNeeds } from '../iam/needs/apigateway.ts';
import { type DynamodbPlace, dynamodbNeeds } from '../iam/needs/dynamodb.ts';
import { eventsNeeds } from '../iam/needs/events.ts';
import { lambdaNeeds } from '../iam/needs/lambda.ts';
import { sesNeeds } from '../iam/needs/ses.ts';
import { snsNeeds } from '../iam/needs/sns.ts';
import { sqsNeeds } from '../iam/needs/sqs.ts';
import { statesNeeds } from '../iam/needs/states.ts';
import type { Invocation } from '../lambda/invoke-api.ts';
import { functionName } from '../lambda/pool.ts';
import { mailNamedBy } from '../ses/mail-named-by.ts';
import { topicOf } from '../sns/sns-operations.ts';
import { executionOf } from '../states/token.ts';

/** What stands at the doors of the services: who comes is proven, the port is passed, the policies decide. */
export const createGuards = (
  surroundings: GuardSurroundings,
  { place, identities }: { place: DynamodbPlace; identities: readonly string[] },
) => {
  const jsonGuard = (
    service: 'dynamodb' | 'events' | 'sqs' | 'states',
    needsOf: Parameters<typeof createGuard<JsonObject>>[1]['needsOf'],
  ): Guard<JsonObject> =>
    createGuard(surroundings, { service, protocol: 'json', needsOf, tell: (input) => ({ input }) });
  return {
    apiGateway: createGuard<{ method: string; path: string }>(surroundings, {
      service: 'apigateway',
      protocol: 'rest-json',
      needsOf: (_action, { method, path }) => apigatewayNeeds(method, path, place.region),
    }),
    dynamodb: jsonGuard('dynamodb', (action, input) => dynamodbNeeds(action, input, place)),
    events: jsonGuard('events', (action, input) => eventsNeeds(action, input, place)),
    lambda: createGuard<Invocation>(surroundings, {
      service: 'lambda',
      protocol: 'rest-json',
      needsOf: (_action, { FunctionName: name }) => lambdaNeeds(name, place),
      tell: (input) => ({ input, target: functionName(input.FunctionName) }),
    }),
    ses: createGuard<URLSearchParams>(surroundings, {
      service: 'ses',
      protocol: 'query',
      needsOf: (action, form) => sesNeeds(action, mailNamedBy(form), { ...place, identities }),
    }),
    sns: createGuard<URLSearchParams>(surroundings, {
      service: 'sns',
      protocol: 'query',
      needsOf: (action, form) => snsNeeds(action, topicOf(form)),
    }),
    sqs: jsonGuard('sqs', (action, input) => sqsNeeds(action, input, place)),
    sts: createGuard<URLSearchParams>(surroundings, {
      service: 'sts',
      protocol: 'query',
      // The role's trust decides, when the role is taken on.
      needsOf: () => [],
    }),
    states: jsonGuard('states', (action, input) => statesNeeds(action, input, { executionOf })),
  };
};
