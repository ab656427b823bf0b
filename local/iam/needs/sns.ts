import type { AccessNeed } from '../access.ts';
import { anything } from './arn.ts';

/** What an operation takes on the topic that it names; a batch takes the permission of its single operation. */
export const snsNeeds = (operation: string, topicArn: string): AccessNeed[] => [
  { action: `sns:${operation.replace(/Batch$/, '')}`, resource: topicArn === '' ? anything : topicArn },
];
