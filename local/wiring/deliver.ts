import { createHash } from 'node:crypto';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import type { LambdaPool } from '../lambda/pool.ts';
import type { StatesEngine } from '../states/engine.ts';

export type Destinations = {
  lambda: Pick<LambdaPool, 'invokeAsync'>;
  states: Pick<StatesEngine, 'startExecution'>;
  sendToQueue: (queueArn: string, body: string, attributes?: Record<string, string>) => Promise<void>;
};

/** The same event for the same target has the same name, so a delivery made twice starts one execution. */
const executionName = (event: JsonValue, targetId: string): string => {
  const id = event !== null && typeof event === 'object' && !Array.isArray(event) ? event.id : undefined;
  const digest = createHash('sha256').update(targetId).digest('hex').slice(0, 12);
  return `${typeof id === 'string' ? id : crypto.randomUUID()}_${digest}`;
};

/** Hands a payload to a function, a state machine or a queue; resolves once the receiver has it on disk. */
export const createDelivery =
  ({ lambda, states, sendToQueue }: Destinations) =>
  async (
    target: { id: string; arn: string },
    payload: JsonValue,
    event: JsonValue,
    attributes?: Record<string, string>,
  ): Promise<void> => {
    const { arn, id } = target;
    const text = JSON.stringify(payload);
    if (arn.startsWith('arn:aws:lambda:')) return lambda.invokeAsync(arn, text);
    if (arn.startsWith('arn:aws:sqs:'))
      return sendToQueue(arn, typeof payload === 'string' ? payload : text, attributes);
    try {
      await states.startExecution({ stateMachineArn: arn, name: executionName(event, id), input: text });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'ExecutionAlreadyExists') throw error;
    }
  };
