import { systemClock } from '../../../local/clock.ts';
import { createStatesEngine } from '../../../local/states/engine.ts';
import { definitionOf, lambda, machineArn } from './orders-under-fire.ts';

const [stateDir = ''] = process.argv.slice(2);

const engine = await createStatesEngine({
  machines: [{ arn: machineArn, name: 'order', definition: definitionOf() }],
  stateDir,
  clock: systemClock,
  region: 'us-east-1',
  accountId: '000000000000',
  integrations: { [lambda]: async (args) => ({ Payload: args }) },
});

for (let number = 0; ; number += 1) {
  const { executionArn } = await engine.startExecution({
    stateMachineArn: machineArn,
    name: `${process.pid}-${number}`,
  });
  process.stdout.write(`${executionArn}\n`);
}
