import type { AccessNeed } from '../access.ts';
import { arnOf, type Place } from './arn.ts';

/** What Invoke takes on a function, by name or ARN, with or without version or alias. */
export const lambdaNeeds = (functionName: string, place: Place): AccessNeed[] => {
  // `000000000000:function:name` is a short form of the ARN.
  const name = functionName.startsWith('arn:')
    ? functionName
    : (functionName.split('function:').at(-1) ?? '');
  return [{ action: 'lambda:InvokeFunction', resource: arnOf('lambda', name, place, 'function:') }];
};

const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
const queueActions = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** What a function's role needs on the table's stream or the queue that an event source mapping reads for it. */
export const mappingNeeds = (sourceArn: string): AccessNeed[] => {
  const service = sourceArn.split(':')[2];
  const actions = service === 'dynamodb' ? streamActions : queueActions;
  return actions.map((action) => ({ action: `${service}:${action}`, resource: sourceArn }));
};
