import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  paginateListExecutions,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskTimedOut,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import { expect, onTestFinished, test } from 'vitest';
import { awsJsonHandler } from '../../../local/http/aws-json.ts';
import { serve } from '../../../local/http/serve.ts';
import type { JsonValue } from '../../../local/json.ts';
import { lambda, machineArn, startEngine, startMs, type TestEngine } from './start-engine.ts';

const serveTo = async (engine: TestEngine): Promise<SFNClient> => {
  const server = await serve(awsJsonHandler(engine.operations), { port: 0 });
  onTestFinished(() => server.close());
  const client = new SFNClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  onTestFinished(() => client.destroy());
  return client;
};

const serveWaiting = async () => {
  const tokens: string[] = [];
  const engine = await startEngine({
    states: {
      Ask: {
        Type: 'Task',
        Resource: `${lambda}.waitForTaskToken`,
        Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
        End: true,
      },
    },
    integrations: {
      [lambda]: async (args: JsonValue) => {
        tokens.push(/"token":"([^"]+)"/.exec(JSON.stringify(args))?.[1] ?? '');
        return {};
      },
    },
  });
  return { engine, client: await serveTo(engine), tokens };
};

test('the AWS SDK starts, answers, describes and reads an execution', async () => {
  const { engine, client, tokens } = await serveWaiting();
  const { executionArn, startDate } = await client.send(
    new StartExecutionCommand({ stateMachineArn: machineArn, name: 'O1', input: '{"order":"O1"}' }),
  );
  expect(startDate).toEqual(new Date(startMs));
  await engine.idle();
  await client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '{"ok":true}' }));
  await engine.idle();
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'SUCCEEDED',
    input: '{"order":"O1"}',
    output: '{"ok":true}',
    stopDate: expect.any(Date),
  });
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events[1]).toMatchObject({
    type: 'TaskStateEntered',
    timestamp: new Date(startMs),
    stateEnteredEventDetails: { name: 'Ask', input: '{"order":"O1"}' },
  });
  expect(events.at(-1)).toMatchObject({ executionSucceededEventDetails: { output: '{"ok":true}' } });
});

test('the AWS SDK sees refusals as its own errors', async () => {
  const { engine, client, tokens } = await serveWaiting();
  await client.send(new StartExecutionCommand({ stateMachineArn: machineArn }));
  await engine.idle();
  const answer = new SendTaskSuccessCommand({ taskToken: tokens[0], output: '1' });
  await client.send(answer);
  await expect(client.send(answer)).rejects.toBeInstanceOf(TaskTimedOut);
});

test('the AWS SDK pages through a list and stops what it finds', async () => {
  const { client } = await serveWaiting();
  for (const name of ['a', 'b', 'c']) {
    await client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name }));
  }
  const names: (string | undefined)[] = [];
  const pages = paginateListExecutions({ client, pageSize: 2 }, { stateMachineArn: machineArn });
  for await (const { executions = [] } of pages) {
    for (const { name, executionArn } of executions) {
      names.push(name);
      await client.send(new StopExecutionCommand({ executionArn }));
    }
  }
  expect(names.toSorted()).toEqual(['a', 'b', 'c']);
});

test('the AWS SDK follows a map run, changes it and lists its executions', async () => {
  const engine = await startEngine({
    states: {
      Each: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Hold',
          States: { Hold: { Type: 'Wait', Seconds: 60, End: true } },
        },
        End: true,
      },
    },
  });
  const client = await serveTo(engine);
  const executionArn = await engine.start([1, 2]);
  await engine.idle();
  const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
  expect(mapRuns).toMatchObject([{ stateMachineArn: machineArn, startDate: new Date(startMs) }]);
  const mapRunArn = mapRuns[0]?.mapRunArn;
  await client.send(new UpdateMapRunCommand({ mapRunArn, toleratedFailureCount: 1 }));
  expect(await client.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
    status: 'RUNNING',
    maxConcurrency: 1,
    toleratedFailureCount: 1,
    itemCounts: { pending: 1, running: 1, total: 2 },
  });
  await engine.clock.advance(120_000);
  expect(await client.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
    status: 'SUCCEEDED',
    stopDate: new Date(startMs + 120_000),
    executionCounts: { succeeded: 2, total: 2 },
  });
  const { executions } = await client.send(new ListExecutionsCommand({ mapRunArn }));
  expect(executions).toMatchObject([
    { mapRunArn, itemCount: 1, status: 'SUCCEEDED' },
    { mapRunArn, itemCount: 1 },
  ]);
});
