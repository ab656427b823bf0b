import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { createVirtualClock, type VirtualClock } from '../../../local/clock.ts';
import type { JsonValue } from '../../../local/json.ts';
import { createStatesEngine, type Integration, type StatesEngine } from '../../../local/states/engine.ts';

export const startMs = Date.parse('2026-03-01T00:00:00Z');
export const lambda = 'arn:aws:states:::lambda:invoke';
export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:order';

/** The ASL text of a machine of these states, the first of which is where it starts. */
export const definitionOf = (
  states: Record<string, JsonValue>,
  more: Record<string, JsonValue> = {},
): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: Object.keys(states)[0] ?? '',
    States: states,
    ...more,
  });

/** A folder that is removed after the test. */
export const tempFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'states-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const describedSchema = z.object({
  status: z.string(),
  output: z
    .string()
    .transform((text): JsonValue => JSON.parse(text))
    .optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  redriveCount: z.number(),
});
const historySchema = z.object({
  events: z.array(z.looseObject({ id: z.number(), previousEventId: z.number(), type: z.string() })),
});

type Setup = {
  states: Record<string, JsonValue>;
  more?: Record<string, JsonValue>;
  integrations?: Record<string, Integration>;
  stateDir?: string;
  clock?: VirtualClock;
  /** Machines besides `order`, by name. */
  others?: Record<string, Record<string, JsonValue>>;
};

export type TestEngine = StatesEngine & {
  clock: VirtualClock;
  stateDir: string;
  /** Starts an execution of `order`; answers its ARN. */
  start(input?: JsonValue, name?: string): Promise<string>;
  call(operation: string, input: Record<string, JsonValue>): Promise<JsonValue>;
  describe(executionArn: string): Promise<z.infer<typeof describedSchema>>;
  history(executionArn: string): Promise<z.infer<typeof historySchema>['events']>;
};

/** An engine with one machine, `order`, on a virtual clock that waits for it to come to rest. */
export const startEngine = async (setup: Setup): Promise<TestEngine> => {
  const stateDir = setup.stateDir ?? tempFolder();
  let engine: StatesEngine | undefined;
  const settle = async () => {
    await engine?.idle({ despiteTasks: true });
    // A service that answers at once does so within some promises.
    await setImmediate();
    await engine?.idle({ despiteTasks: true });
  };
  const clock = setup.clock ?? createVirtualClock(startMs, settle);
  const others = Object.entries(setup.others ?? {}).map(([name, states]) => ({
    arn: machineArn.replace(/order$/, name),
    name,
    definition: definitionOf(states),
  }));
  const started = await createStatesEngine({
    machines: [
      { arn: machineArn, name: 'order', definition: definitionOf(setup.states, setup.more) },
      ...others,
    ],
    stateDir,
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    integrations: setup.integrations ?? {},
  });
  engine = started;
  onTestFinished(() => started.close());
  const call = async (operation: string, input: Record<string, JsonValue>): Promise<JsonValue> => {
    const run = started.operations[operation];
    if (run === undefined) throw new Error(`There is no operation ${operation}.`);
    return run(input);
  };
  return {
    ...started,
    clock,
    stateDir,
    call,
    async start(input = {}, name) {
      const given = { stateMachineArn: machineArn, input: JSON.stringify(input), name };
      return (await started.startExecution(given)).executionArn;
    },
    describe: async (executionArn) =>
      describedSchema.parse(await call('DescribeExecution', { executionArn })),
    history: async (executionArn) =>
      historySchema.parse(await call('GetExecutionHistory', { executionArn, maxResults: 1000 })).events,
  };
};

/** Runs one execution of these states to rest; answers how it stands then. */
export const runOnce = async (setup: Setup, input: JsonValue = {}) => {
  const engine = await startEngine(setup);
  const executionArn = await engine.start(input);
  await engine.idle();
  return { engine, executionArn, ...(await engine.describe(executionArn)) };
};

/** The types of a history's events, in order. */
export const typesOf = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type);
