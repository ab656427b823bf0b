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
import * as z from 'zod';
import type { WaitAnswer } from '../../domain/orders/wait.ts';
import { env } from './env.ts';

const executionsEnv = env({ ORDER_STATE_MACHINE_ARN: z.string() });

let client: SFNClient | undefined;
const sfnClient = (): SFNClient => {
  client ??= new SFNClient({});
  return client;
};

/** The executions of order.asl.json: one per order, named by its number. */
export const orderExecutions = (
  sfn = sfnClient(),
  machineArn = () => executionsEnv().ORDER_STATE_MACHINE_ARN,
) => {
  const executionArn = (orderNumber: string) =>
    `${machineArn().replace(':stateMachine:', ':execution:')}:${orderNumber}`;
  return {
    /** Starts an order's execution; one that was started before is left as it is. */
    start: async (orderNumber: string): Promise<void> => {
      try {
        await sfn.send(
          new StartExecutionCommand({
            stateMachineArn: machineArn(),
            name: orderNumber,
            input: JSON.stringify({ orderNumber }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },

    /** Status of an order's execution; undefined when it was never started. */
    statusOf: async (orderNumber: string): Promise<string | undefined> => {
      try {
        return (await sfn.send(new DescribeExecutionCommand({ executionArn: executionArn(orderNumber) })))
          .status;
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },

    /** Lets a failed execution go on at the state that failed. */
    redrive: async (orderNumber: string): Promise<void> => {
      await sfn.send(new RedriveExecutionCommand({ executionArn: executionArn(orderNumber) }));
    },
  };
};

export type OrderExecutions = ReturnType<typeof orderExecutions>;

/** Answers a wait's task token. A token that was answered or timed out before is nothing to worry about. */
export const answerTask = async (
  taskToken: string,
  answer: WaitAnswer,
  sfn = sfnClient(),
): Promise<'answered' | 'gone'> => {
  try {
    if (answer.result === 'success')
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
    else await sfn.send(new SendTaskFailureCommand({ taskToken, error: answer.error }));
    return 'answered';
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken)
      return 'gone';
    throw error;
  }
};
