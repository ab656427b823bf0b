import { type Call, isRead } from './call.ts';
import { canBePartial } from './partial-batch.ts';

/** What can be made of a call. Before: it has not taken effect; after: it has, and its caller does not learn of it. */
export type FaultKind =
  | 'throttle'
  | 'error-before'
  | 'error-after'
  | 'timeout-before'
  | 'timeout-after'
  | 'cut'
  | 'conflict'
  | 'partial';

/** What the n-th call of a site meets, or every one, counted from when the fault is armed among those that can meet it. */
export type Fault = { site: string; kind: FaultKind; nth: 1 | 2 | 'every' };

const singleWrites = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);
const transactions = new Set(['TransactWriteItems', 'TransactGetItems']);
const conditionalPuts = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);

/** Whether another writer can be in the way of a call; for a call without input, whether it can for any input. */
const canConflict = ({ service, action, input }: Omit<Call, 'caller'>): boolean => {
  const says = (...names: string[]) => input === undefined || names.some((name) => name in input);
  switch (service) {
    case 'dynamodb':
      return transactions.has(action) || (singleWrites.has(action) && says('ConditionExpression'));
    case 's3':
      return conditionalPuts.has(action) && says('IfMatch', 'IfNoneMatch');
    default:
      return false;
  }
};

/** The faults that a call can meet: a read has no effect to hide, and only a batch can be done in part. */
export const kindsFor = (call: Omit<Call, 'caller'>): FaultKind[] => [
  'throttle',
  'error-before',
  'timeout-before',
  'cut',
  ...(isRead(call.action) ? [] : (['error-after', 'timeout-after'] as const)),
  ...(canConflict(call) ? (['conflict'] as const) : []),
  ...(canBePartial(call) ? (['partial'] as const) : []),
];
