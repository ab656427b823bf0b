import { expect, test } from 'vitest';
import { ServiceError } from '../../../local/http/service-error.ts';
import { createDelivery } from '../../../local/wiring/deliver.ts';

const arn = {
  lambda: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  states: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
  sqs: 'arn:aws:sqs:us-east-1:000000000000:q',
};

const aDelivery = (startError?: Error) => {
  const received: unknown[][] = [];
  const names: (string | undefined)[] = [];
  const deliver = createDelivery({
    lambda: { invokeAsync: async (...args) => void received.push(['lambda', ...args]) },
    states: {
      startExecution: async ({ name, ...rest }) => {
        names.push(name);
        received.push(['states', rest]);
        if (startError) throw startError;
        return { executionArn: 'e', startDate: 0 };
      },
    },
    sendToQueue: async (...args) => void received.push(['sqs', ...args]),
  });
  return { deliver, received, names };
};

test('each kind of target gets the payload its own way', async () => {
  const { deliver, received } = aDelivery();
  const event = { id: 'event-1' };
  await deliver({ id: 't', arn: arn.lambda }, { a: 1 }, event);
  await deliver({ id: 't', arn: arn.states }, { a: 1 }, event);
  await deliver({ id: 't', arn: arn.sqs }, { a: 1 }, event);
  await deliver({ id: 't', arn: arn.sqs }, 'a text', event, { RULE_ARN: 'r' });
  expect(received).toEqual([
    ['lambda', arn.lambda, '{"a":1}'],
    ['states', { stateMachineArn: arn.states, input: '{"a":1}' }],
    ['sqs', arn.sqs, '{"a":1}', undefined],
    ['sqs', arn.sqs, 'a text', { RULE_ARN: 'r' }],
  ]);
});

test('the same event names the same execution, another event or target another one', async () => {
  const { deliver, names } = aDelivery();
  await deliver({ id: 'one', arn: arn.states }, {}, { id: 'event-1' });
  await deliver({ id: 'one', arn: arn.states }, {}, { id: 'event-1' });
  await deliver({ id: 'two', arn: arn.states }, {}, { id: 'event-1' });
  await deliver({ id: 'one', arn: arn.states }, {}, { id: 'event-2' });
  expect(names[0]).toBe(names[1]);
  expect(new Set(names).size).toBe(3);
});

test('an execution that has been started before counts as delivered, any other refusal does not', async () => {
  const again = aDelivery(new ServiceError('ExecutionAlreadyExists', 'there'));
  await again.deliver({ id: 't', arn: arn.states }, {}, { id: 'event-1' });
  const gone = aDelivery(new ServiceError('StateMachineDoesNotExist', 'gone'));
  await expect(gone.deliver({ id: 't', arn: arn.states }, {}, { id: 'event-1' })).rejects.toThrow('gone');
});
