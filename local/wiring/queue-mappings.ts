import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { MappingSpec } from '../lambda/declared-mappings.ts';
import type { LambdaPool } from '../lambda/pool.ts';
import { type RedrivePolicy, startQueueMapping } from '../lambda/queue-mapping.ts';
import type { Sqs } from '../sqs/sqs.ts';
import { operationOf } from './operation-of.ts';

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
  sqs: Sqs;
  lambda: Pick<LambdaPool, 'invoke'>;
  region: string;
  onError: (line: string) => void;
};

/** Starts every mapping of a queue. */
export const startQueueMappings = (options: QueueMappingsOptions): { close(): Promise<void> } => {
  const { mappings, queues, sqs, lambda, region, onError } = options;
  const started = mappings.flatMap((mapping) => {
    const queue = queues.find(({ arn }) => arn === mapping.sourceArn);
    if (queue === undefined) return [];
    return startQueueMapping({
      mapping,
      queueUrl: queue.url,
      redrive: queue.redrive,
      region,
      receiveMessage: operationOf(sqs.operations, 'ReceiveMessage'),
      deleteMessage: operationOf(sqs.operations, 'DeleteMessage'),
      invoke: lambda.invoke,
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
