import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../../local/clock.ts';
import { createStatesEngine } from '../../../local/states/engine.ts';
import { definitionOf, lambda, machineArn } from './orders-under-fire.ts';
import { tempFolder } from './start-engine.ts';

const eventsOfAnOrder = 36;

const program = fileURLToPath(new URL('./endless-orders.ts', import.meta.url));

/** Starts executions in a process of its own and kills that after so many acknowledged starts. */
const killAfter = async (stateDir: string, count: number): Promise<string[]> => {
  const child = spawn(process.execPath, [program, stateDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
};

test('no acknowledged execution is lost by kill -9, and each ends with a whole history', async () => {
  const stateDir = tempFolder();
  const acknowledged: string[] = [];
  for (const count of [1, 7, 40]) acknowledged.push(...(await killAfter(stateDir, count)));
  const engine = await createStatesEngine({
    machines: [{ arn: machineArn, name: 'order', definition: definitionOf() }],
    stateDir,
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    integrations: { [lambda]: async (args) => ({ Payload: args }) },
  });
  await engine.idle();
  for (const executionArn of acknowledged) {
    expect(await engine.operations.DescribeExecution?.({ executionArn })).toMatchObject({
      status: 'SUCCEEDED',
      output: '"small and large shipped"',
    });
    const history = await engine.operations.GetExecutionHistory?.({ executionArn });
    expect(JSON.stringify(history).match(/"id":\d+/g)).toHaveLength(eventsOfAnOrder);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(48);
  await engine.close();
});
