import { expect, test } from 'vitest';
import { ServiceError } from '../../../local/http/service-error.ts';
import { createDelivery } from '../../../local/wiring/deliver.ts';

const arn = {
  lambda: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  states: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
  sqs: 'arn:aws:sqs:us-east-1:000000000000:q',
  sns: 'arn:aws:sns:us-east-1:000000000000:t',
};

const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/r';

const aDelivery = (startError?: Error) => {
  const received: unknown[][] = [];
  const names: (string | undefined)[] = [];
  const deliver = createDelivery({
    invoking: (caller) => ({
      invokeAsync: async (...args) => void received.push(['lambda', caller, ...args]),
    }),
    starting:
      (caller) =>
      async ({ name, ...rest }) => {
        names.push(name);
        received.push(['states', caller, rest]);
        if (startError) throw startError;
        return { executionArn: 'e', startDate: 0 };
      },
    sending:
      (caller) =>
      async (...args) =>
        void received.push(['sqs', caller, ...args]),
    publishing:
      (caller) =>
      async (...args) => {
        received.push(['sns', caller, ...args]);
        return 'message-1';
      },
  });
  return { deliver, received, names };
};

test('each kind of target gets the payload its own way, from the rule', async () => {
  const { deliver, received } = aDelivery();
  const event = { id: 'event-1' };
  await deliver({ ruleArn, id: 't', arn: arn.lambda }, { a: 1 }, event);
  await deliver({ ruleArn, id: 't', arn: arn.states }, { a: 1 }, event);
  await deliver({ ruleArn, id: 't', arn: arn.sqs }, { a: 1 }, event);
  await deliver({ ruleArn, id: 't', arn: arn.sqs }, 'a text', event, { RULE_ARN: 'r' });
  await deliver({ ruleArn, id: 't', arn: arn.sns }, { a: 1 }, event);
  expect(received).toEqual([
    ['lambda', ruleArn, arn.lambda, '{"a":1}'],
    ['states', ruleArn, { stateMachineArn: arn.states, input: '{"a":1}' }],
    ['sqs', ruleArn, arn.sqs, '{"a":1}', undefined],
    ['sqs', ruleArn, arn.sqs, 'a text', { RULE_ARN: 'r' }],
    ['sns', ruleArn, arn.sns, { text: '{"a":1}' }],
  ]);
});

test('the same event names the same execution, another event or target another one', async () => {
  const { deliver, names } = aDelivery();
  await deliver({ ruleArn, id: 'one', arn: arn.states }, {}, { id: 'event-1' });
  await deliver({ ruleArn, id: 'one', arn: arn.states }, {}, { id: 'event-1' });
  await deliver({ ruleArn, id: 'two', arn: arn.states }, {}, { id: 'event-1' });
  await deliver({ ruleArn, id: 'one', arn: arn.states }, {}, { id: 'event-2' });
  expect(names[0]).toBe(names[1]);
  expect(new Set(names).size).toBe(3);
});

test('an execution that has been started before counts as delivered, any other refusal does not', async () => {
  const again = aDelivery(new ServiceError('ExecutionAlreadyExists', 'there'));
  await again.deliver({ ruleArn, id: 't', arn: arn.states }, {}, { id: 'event-1' });
  const gone = aDelivery(new ServiceError('StateMachineDoesNotExist', 'gone'));
  await expect(gone.deliver({ ruleArn, id: 't', arn: arn.states }, {}, { id: 'event-1' })).rejects.toThrow(
    'gone',
  );
});
