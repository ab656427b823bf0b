import * as z from 'zod';
import type { AccessNeed } from '../access.ts';
import { anything, arnOf, type Place } from './arn.ts';

const named = z.object({ QueueUrl: z.string().optional(), QueueName: z.string().optional() });

/** A batch takes the permission of its single operation, once. */
const singular = (operation: string): string => operation.replace(/Batch$/, '');

/** What an operation takes on the queue that its URL or name tells. */
export const sqsNeeds = (operation: string, input: unknown, place: Place): AccessNeed[] => {
  const asked = named.safeParse(input).data;
  const name = asked?.QueueUrl?.split('/').at(-1) ?? asked?.QueueName;
  const resource = name === undefined ? anything : arnOf('sqs', name, place);
  return [{ action: `sqs:${singular(operation)}`, resource }];
};
