import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, test } from 'vitest';
import { answerTask, orderExecutions } from '../../functions/shared/executions.ts';

const states = mockClient(SFNClient);
beforeEach(() => {
  states.reset();
});

const client = new SFNClient({ region: 'us-east-1' });
const orderNumber = 'SO-20251014-000123-4';
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Orders';
const executionArn = `arn:aws:states:us-east-1:000000000000:execution:Orders:${orderNumber}`;
const executions = orderExecutions(client, () => machineArn);
const why = { message: '', $metadata: {} };

describe('an execution', () => {
  test('is named by its order and carries nothing else', async () => {
    states.on(StartExecutionCommand).resolves({});
    await executions.start(orderNumber);
    expect(states).toHaveReceivedCommandExactlyOnceWith(StartExecutionCommand, {
      stateMachineArn: machineArn,
      name: orderNumber,
      input: JSON.stringify({ orderNumber }),
    });
  });

  test('that was started before is left as it is', async () => {
    states.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(why));
    await expect(executions.start(orderNumber)).resolves.toBeUndefined();
  });

  test('that cannot be started is a fault', async () => {
    states.on(StartExecutionCommand).rejects(new Error('throttled'));
    await expect(executions.start(orderNumber)).rejects.toThrow('throttled');
  });

  test('tells its status, or that there is none', async () => {
    states
      .on(DescribeExecutionCommand)
      .resolvesOnce({ status: 'FAILED' })
      .rejectsOnce(new ExecutionDoesNotExist(why))
      .rejectsOnce(new Error('throttled'));
    expect(await executions.statusOf(orderNumber)).toBe('FAILED');
    expect(await executions.statusOf(orderNumber)).toBeUndefined();
    await expect(executions.statusOf(orderNumber)).rejects.toThrow('throttled');
    expect(states).toHaveReceivedCommandWith(DescribeExecutionCommand, { executionArn });
  });

  test('that failed goes on by redrive', async () => {
    states.on(RedriveExecutionCommand).resolves({});
    await executions.redrive(orderNumber);
    expect(states).toHaveReceivedCommandExactlyOnceWith(RedriveExecutionCommand, { executionArn });
  });
});

describe('a task token', () => {
  test('is answered with success', async () => {
    states.on(SendTaskSuccessCommand).resolves({});
    expect(await answerTask('token', { result: 'success' }, client)).toBe('answered');
    expect(states).toHaveReceivedCommandWith(SendTaskSuccessCommand, { taskToken: 'token' });
    expect(states).not.toHaveReceivedCommand(SendTaskFailureCommand);
  });

  test('is answered with the name that the state machine catches', async () => {
    states.on(SendTaskFailureCommand).resolves({});
    expect(await answerTask('token', { result: 'failure', error: 'OrderHeld' }, client)).toBe('answered');
    expect(states).toHaveReceivedCommandExactlyOnceWith(SendTaskFailureCommand, {
      taskToken: 'token',
      error: 'OrderHeld',
    });
  });

  test.for([new TaskTimedOut(why), new TaskDoesNotExist(why), new InvalidToken(why)])(
    'of a task that is over ($name) is gone, and nothing to worry about',
    async (error) => {
      states.on(SendTaskSuccessCommand).rejects(error);
      states.on(SendTaskFailureCommand).rejects(error);
      expect(await answerTask('token', { result: 'success' }, client)).toBe('gone');
      expect(await answerTask('token', { result: 'failure', error: 'OrderHeld' }, client)).toBe('gone');
    },
  );

  test('that could not be answered is a fault', async () => {
    states.on(SendTaskSuccessCommand).rejects(new Error('throttled'));
    await expect(answerTask('token', { result: 'success' }, client)).rejects.toThrow('throttled');
  });
});
