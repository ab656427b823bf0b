import * as z from 'zod';
import type { JsonOperation } from '../../http/aws-json.ts';
import { ServiceError } from '../../http/service-error.ts';
import type { JsonValue } from '../../json.ts';
import type { Executions } from '../executions.ts';
import type { Frame } from '../frame.ts';
import { ExecutionEnded } from '../lane.ts';
import { isTooLarge } from '../limits.ts';
import { applyOutcome, type TaskOutcome, waitingFrame } from '../settle.ts';
import { readToken, taskGone } from '../token.ts';
import type { Turn } from '../turn.ts';
import { failureFields, readInput } from './input.ts';

const tokenInput = z.object({ taskToken: z.string().min(1) });
const successInput = tokenInput.extend({ output: z.string() });
const failureInput = tokenInput.extend(failureFields);

const parseOutput = (text: string): JsonValue => {
  try {
    const output: JsonValue = JSON.parse(text);
    if (!isTooLarge(output)) return output;
  } catch (error) {
    throw new ServiceError('InvalidOutput', `Invalid Output: '${String(error)}'`);
  }
  throw new ServiceError('InvalidOutput', 'The output is larger than 262144 bytes.');
};

const answer = (turn: Turn, frame: Frame, outcome: TaskOutcome): Promise<void> => {
  turn.released.add(frame.id);
  return applyOutcome(turn, frame, outcome);
};

/** SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat. A token is answered once; later calls get TaskTimedOut. */
export const tokenOperations = (executions: Executions): Record<string, JsonOperation> => {
  const withTask = async (
    token: string,
    act: (turn: Turn, frame: Frame) => Promise<void>,
  ): Promise<JsonValue> => {
    const { executionArn, frameId } = readToken(token);
    const lane = executions.laneOf(executionArn);
    if (lane === undefined) throw taskGone();
    try {
      await lane.perform((turn) => {
        const frame = waitingFrame(turn, frameId, (phase) => phase.token === token);
        if (frame === undefined) throw taskGone();
        return act(turn, frame);
      });
    } catch (error) {
      throw error instanceof ExecutionEnded ? taskGone() : error;
    }
    return {};
  };

  return {
    async SendTaskSuccess(given) {
      const { taskToken, output } = readInput(successInput, given);
      const result = parseOutput(output);
      return withTask(taskToken, (turn, frame) => answer(turn, frame, { kind: 'succeeded', result }));
    },

    async SendTaskFailure(given) {
      const { taskToken, error, cause } = readInput(failureInput, given);
      return withTask(taskToken, (turn, frame) => answer(turn, frame, { kind: 'failed', error, cause }));
    },

    async SendTaskHeartbeat(given) {
      return withTask(readInput(tokenInput, given).taskToken, async (turn, frame) => {
        if (frame.phase.kind !== 'task' || frame.phase.heartbeatSeconds === undefined) return;
        frame.phase = { ...frame.phase, heartbeatAtMs: turn.nowMs + frame.phase.heartbeatSeconds * 1000 };
        turn.touched.add(frame.id);
      });
    },
  };
};
