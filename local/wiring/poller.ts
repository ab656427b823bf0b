import type { JsonObject } from '../calls/call.ts';
import type { Gate } from '../calls/gate.ts';
import type { Place } from '../iam/needs/arn.ts';
import { mappingNeeds } from '../iam/needs/lambda.ts';
import type { MappingSpec } from '../lambda/declared-mappings.ts';
import type { FunctionSpec } from '../lambda/function-spec.ts';
import { functionName } from '../lambda/pool.ts';
import { type Invoker, invokingAs } from './inside-calls.ts';

type Surroundings = { gate: Gate; lambda: Invoker; functions: FunctionSpec[]; place: Place };

/**
 * Lambda reads a function's source as the function, by its role, and hands it what it read in a name of its own,
 * for which nobody needs a permission.
 */
export const pollerOf = (
  { logicalId, sourceArn, functionName: nameOrArn }: MappingSpec,
  { gate, lambda, functions, place }: Surroundings,
) => {
  const spec = functions.find(({ name }) => name === functionName(nameOrArn));
  const functionArn = spec?.arn ?? nameOrArn;
  const mappingArn = `arn:aws:lambda:${place.region}:${place.accountId}:event-source-mapping:${logicalId}`;
  return {
    functionArn,
    /** Throws an Error when the role may not read the source, as AWS refuses to make such a mapping. */
    checkSource(): void {
      const service = sourceArn.startsWith('arn:aws:sqs:') ? 'sqs' : 'dynamodb';
      for (const need of mappingNeeds(sourceArn)) {
        const [, action = ''] = need.action.split(':');
        try {
          gate.check({ caller: functionArn, service, action }, [need]);
        } catch (cause) {
          const message = `AWS::Lambda::EventSourceMapping (${logicalId}): ${functionArn} may not read its source`;
          throw new Error(message, { cause });
        }
      }
    },
    invoke: invokingAs(gate, lambda, place, () => [])(mappingArn).invoke,
    /** One operation on the source. */
    ask: <Answer>(
      service: 'dynamodb' | 'sqs',
      action: string,
      input: JsonObject,
      perform: () => Promise<Answer>,
    ): Promise<Answer> =>
      gate.pass(
        { caller: functionArn, service, action, input },
        () => [{ action: `${service}:${action}`, resource: sourceArn }],
        () => perform(),
      ),
  };
};
