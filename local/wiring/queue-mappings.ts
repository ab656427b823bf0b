import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { Activity } from '../calls/activity.ts';
import type { Gate } from '../calls/gate.ts';
import type { Clock } from '../clock.ts';
import type { JsonOperation } from '../http/aws-json.ts';
import type { Place } from '../iam/needs/arn.ts';
import type { MappingSpec } from '../lambda/declared-mappings.ts';
import type { FunctionSpec } from '../lambda/function-spec.ts';
import { type RedrivePolicy, startQueueMapping } from '../lambda/queue-mapping.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { Invoker } from './inside-calls.ts';
import { operationOf } from './operation-of.ts';
import { pollerOf } from './poller.ts';

export type DeclaredQueue = { name: string; arn: string; url: string; redrive: RedrivePolicy | undefined };

const queueSchema = z.object({
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
});

/** The queues of the templates. */
export const declaredQueues = (registry: Registry): DeclaredQueue[] =>
  registry.ofType('AWS::SQS::Queue').map((queue) => {
    const { RedrivePolicy: policy } = queue.read(queueSchema);
    return {
      name: queue.attribute('QueueName'),
      arn: queue.attribute('Arn'),
      url: queue.ref,
      redrive: policy && {
        deadLetterArn: policy.deadLetterTargetArn,
        maxReceiveCount: policy.maxReceiveCount,
      },
    };
  });

export type QueueMappingsOptions = {
  mappings: MappingSpec[];
  queues: DeclaredQueue[];
  functions: FunctionSpec[];
  gate: Gate;
  sqs: Sqs;
  lambda: Invoker;
  place: Place;
  clock: Clock;
  activity: Activity;
  onError: (line: string) => void;
};

/** Starts every mapping of a queue. */
export const startQueueMappings = (options: QueueMappingsOptions): { close(): Promise<void> } => {
  const { mappings, queues, functions, gate, sqs, lambda, place, clock, activity, onError } = options;
  const started = mappings.flatMap((mapping) => {
    const queue = queues.find(({ arn }) => arn === mapping.sourceArn);
    if (queue === undefined) return [];
    const poller = pollerOf(mapping, { gate, lambda, functions, place });
    poller.checkSource();
    const asked =
      (name: string): JsonOperation =>
      (input) =>
        poller.ask('sqs', name, input, () => operationOf(sqs.operations, name)(input));
    return startQueueMapping({
      mapping,
      queueUrl: queue.url,
      redrive: queue.redrive,
      region: place.region,
      clock,
      activity,
      untilVisible: (signal) => sqs.untilVisible(queue.arn, signal),
      receiveMessage: asked('ReceiveMessage'),
      deleteMessage: asked('DeleteMessage'),
      invoke: poller.invoke,
      sendToQueue: sqs.send,
      onError,
    });
  });
  return {
    async close() {
      await Promise.all(started.map((mapping) => mapping.close()));
    },
  };
};
