import { expect, test } from 'vitest';
import { isRead, siteOf } from '../../../local/calls/call.ts';

test.for([
  {
    caller: 'arn:aws:lambda:us-east-1:000000000000:function:place-order',
    call: { service: 'dynamodb', action: 'PutItem' },
    site: 'place-order dynamodb:PutItem',
  },
  {
    caller: 'arn:aws:states:us-east-1:000000000000:stateMachine:orders',
    call: { service: 'lambda', action: 'Invoke', target: 'place-order' },
    site: 'orders lambda:Invoke place-order',
  },
  {
    caller: 'arn:aws:events:us-east-1:000000000000:rule/nightly',
    call: { service: 'states', action: 'StartExecution', target: 'sweep' },
    site: 'nightly states:StartExecution sweep',
  },
  {
    caller: 'arn:aws:execute-api:us-east-1:000000000000:api1/live/POST/orders/{id}',
    call: { service: 'lambda', action: 'Invoke', target: 'place-order' },
    site: 'POST/orders/{id} lambda:Invoke place-order',
  },
  {
    caller: 'arn:aws:execute-api:us-east-1:000000000000:api1/authorizers/a1',
    call: { service: 'lambda', action: 'Invoke', target: 'let-in' },
    site: 'authorizers/a1 lambda:Invoke let-in',
  },
  {
    caller: 'arn:aws:iam::000000000000:user/operator',
    call: { service: 's3', action: 'PutObject' },
    site: 'operator s3:PutObject',
  },
] as const)('$site is the site of a call by $caller', ({ caller, call, site }) => {
  expect(siteOf({ caller, ...call })).toBe(site);
});

test('reads are told from what changes anything', () => {
  const reads = ['GetItem', 'BatchGetItem', 'TransactGetItems', 'Query', 'Scan', 'HeadObject', 'ListQueues'];
  const others = ['PutItem', 'BatchWriteItem', 'TransactWriteItems', 'ReceiveMessage', 'Invoke', 'SendEmail'];
  expect(reads.filter(isRead)).toEqual(reads);
  expect(others.filter(isRead)).toEqual([]);
});
