import { createHash } from 'node:crypto';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import type { LambdaPool } from '../lambda/pool.ts';
import type { Sns } from '../sns/sns.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { StatesEngine } from '../states/engine.ts';
import type { As } from './inside-calls.ts';

/** What rules call, each as itself. */
export type Receivers = {
  invoking: As<Pick<LambdaPool, 'invokeAsync'>>;
  starting: As<StatesEngine['startExecution']>;
  sending: As<Sqs['send']>;
  publishing: As<Sns['publish']>;
};

/** Hands a function or a queue what it subscribed to, as the topic. */
export const topicDelivery =
  ({ invoking, sending }: Pick<Receivers, 'invoking' | 'sending'>) =>
  (
    topicArn: string,
    endpoint: string,
    payload: JsonValue,
    attributes?: Record<string, string>,
  ): Promise<void> => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return endpoint.startsWith('arn:aws:lambda:')
      ? invoking(topicArn).invokeAsync(endpoint, text)
      : sending(topicArn)(endpoint, text, attributes);
  };

/** The same event for the same target has the same name, so a delivery made twice starts one execution. */
const executionName = (event: JsonValue, targetId: string): string => {
  const id = event !== null && typeof event === 'object' && !Array.isArray(event) ? event.id : undefined;
  const digest = createHash('sha256').update(targetId).digest('hex').slice(0, 12);
  return `${typeof id === 'string' ? id : crypto.randomUUID()}_${digest}`;
};

/** Hands a payload to a function, a state machine, a queue or a topic; resolves once the receiver has it on disk. */
export const createDelivery =
  ({ invoking, starting, sending, publishing }: Receivers) =>
  async (
    target: { id: string; arn: string; ruleArn: string },
    payload: JsonValue,
    event: JsonValue,
    attributes?: Record<string, string>,
  ): Promise<void> => {
    const { arn, id, ruleArn } = target;
    const text = JSON.stringify(payload);
    if (arn.startsWith('arn:aws:lambda:')) return invoking(ruleArn).invokeAsync(arn, text);
    if (arn.startsWith('arn:aws:sqs:'))
      return sending(ruleArn)(arn, typeof payload === 'string' ? payload : text, attributes);
    if (arn.startsWith('arn:aws:sns:')) {
      await publishing(ruleArn)(arn, { text: typeof payload === 'string' ? payload : text });
      return;
    }
    try {
      await starting(ruleArn)({ stateMachineArn: arn, name: executionName(event, id), input: text });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'ExecutionAlreadyExists') throw error;
    }
  };
