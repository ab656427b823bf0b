import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { createVirtualClock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { createStatesEngine, type StatesEngine } from '../states/engine.ts';
import type { Integration } from '../states/integration.ts';
import { readToken } from '../states/token.ts';
import { actualHistory } from './actual-history.ts';
import type { Callback, CaseEvent, RecordedCase } from './recorded-case.ts';
import { callSfn } from './sfn-calls.ts';
import { stubsFor } from './stubs.ts';

const accountId = '111111111111';
const region = 'us-east-1';
const machineArn = `arn:aws:states:${region}:${accountId}:stateMachine:recorded`;
const executionArnOf = (arn: string) => `${arn.replace(':stateMachine:', ':execution:')}:`;
const startMs = Date.parse('2026-01-01T00:00:00Z');
const heartbeatEveryMs = 1_000;
const stepLimit = 1_000;

const statusSchema = z.object({ status: z.string() });

function* stringsIn(value: JsonValue): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value !== null && typeof value === 'object') {
    for (const inner of Object.values(value)) yield* stringsIn(inner);
  }
}

const tokenIn = (args: JsonValue): string | undefined => {
  for (const text of stringsIn(args)) {
    try {
      readToken(text);
      return text;
    } catch {
      // some other text
    }
  }
  return undefined;
};

/** Notes each token that a stub is handed. */
const watchingTokens = (stubs: Record<string, Integration>, tokens: string[]): Record<string, Integration> =>
  Object.fromEntries(
    Object.entries(stubs).map(([key, stub]): [string, Integration] => [
      key,
      (args, context) => {
        const token = tokenIn(args);
        if (token !== undefined) tokens.push(token);
        return stub(args, context);
      },
    ]),
  );

const answer = async (
  engine: StatesEngine,
  action: NonNullable<Callback['then']> | Callback,
  taskToken: string,
) => {
  const { error, cause, output = '{}' } = action;
  if (action.action === 'sendTaskSuccess') {
    const text = output.replaceAll('<mask:task-token>', taskToken);
    await engine.operations.SendTaskSuccess?.({ taskToken, output: text });
  }
  if (action.action === 'sendTaskFailure') {
    await engine.operations.SendTaskFailure?.({
      taskToken,
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    });
  }
  if (action.action === 'sendTaskHeartbeat') await engine.operations.SendTaskHeartbeat?.({ taskToken });
};

/** Runs a recorded case on a fresh engine and a virtual clock to its end; answers the history. */
export const drive = async (recorded: RecordedCase): Promise<CaseEvent[]> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'states-conformance-'));
  const clock = createVirtualClock(startMs);
  const tokens: string[] = [];
  const machine = (arn: string, definition: JsonValue) => ({
    arn,
    name: arn.split(':').at(-1) ?? arn,
    definition: JSON.stringify(definition),
    roleArn: `arn:aws:iam::${accountId}:role/sfn-role`,
  });
  let started: StatesEngine | undefined;
  const stubs = stubsFor(recorded, {
    clock,
    isRecorded: (arn) => arn.startsWith(executionArnOf(machineArn)),
    callSfn: (action, args) => callSfn(started?.operations ?? {}, action, args),
  });
  const engine = await createStatesEngine({
    machines: [
      machine(machineArn, recorded.definition),
      ...Object.entries(recorded.stateMachines).map(([arn, definition]) => machine(arn, definition)),
    ],
    stateDir,
    clock,
    region,
    accountId,
    integrations: watchingTokens(stubs, tokens),
  }).catch(async (error: unknown) => {
    await rm(stateDir, { recursive: true });
    throw error;
  });

  started = engine;

  const rest = async () => {
    // Stubs answer within a few turns of the event loop, or not before the clock moves.
    for (let turn = 0; turn < 5; turn += 1) {
      await setImmediate();
      await engine.idle({ despiteTasks: true });
    }
  };

  const callBack = async (callback: Callback, token: string) => {
    if (callback.then === undefined) return answer(engine, callback, token);
    for (let count = 0; count < (callback.times ?? 1); count += 1) {
      await answer(engine, callback, token);
      await clock.advance(heartbeatEveryMs);
      await rest();
    }
    await answer(engine, callback.then, token);
  };

  try {
    const { executionArn } = await engine.startExecution({
      stateMachineArn: machineArn,
      input: JSON.stringify(recorded.input),
    });
    let answered = 0;
    for (let step = 0; step < stepLimit; step += 1) {
      await rest();
      const { status } = statusSchema.parse(await engine.operations.DescribeExecution?.({ executionArn }));
      if (status !== 'RUNNING') return await actualHistory(engine, executionArn);
      const token = tokens[answered];
      const { callback } = recorded;
      if (callback !== undefined && token !== undefined && (answered === 0 || callback.each)) {
        answered += 1;
        await callBack(callback, token);
        continue;
      }
      const next = clock.nextTimer();
      if (next === undefined) throw new Error('The execution waits for something that will never happen.');
      await clock.advance(next - clock.now());
    }
    throw new Error(`The execution has not ended after ${stepLimit} steps.`);
  } finally {
    await engine.close();
    await rm(stateDir, { recursive: true });
  }
};
