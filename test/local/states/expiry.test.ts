import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournal, type Position } from '../../../local/states/journal/journal.ts';
import type { JournalRecord } from '../../../local/states/journal/record.ts';
import { machineArn, startEngine, tempFolder } from './start-engine.ts';

const dayMs = 24 * 3_600_000;
const states = {
  Hold: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Next: 'Done' },
  Done: { Type: 'Pass', End: true },
};

test('an execution is forgotten 90 days after its end, and its name is free again', async () => {
  const engine = await startEngine({ states });
  const old = await engine.start({ seconds: 10 }, 'old');
  const long = await engine.start({ seconds: 100 * 24 * 3_600 }, 'long');
  await engine.clock.advance(10_000 + 90 * dayMs - 1);
  expect(await engine.describe(old)).toMatchObject({ status: 'SUCCEEDED' });
  await engine.clock.advance(1);
  await expect(engine.describe(old)).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  await expect(engine.history(old)).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  expect(await engine.call('ListExecutions', { stateMachineArn: machineArn })).toMatchObject({
    executions: [{ executionArn: long }],
  });
  expect(await engine.start({ seconds: 10 }, 'old')).toBe(old);
  expect(await engine.describe(long)).toMatchObject({ status: 'RUNNING' });
});

test('what was forgotten stays so after a restart, and what has its name is another', async () => {
  const first = await startEngine({ states });
  const arn = await first.start({ seconds: 10 }, 'one');
  await first.clock.advance(10_000 + 90 * dayMs);
  await first.start({ seconds: 20 }, 'one');
  await first.clock.advance(20_000);
  await first.close();
  const second = await startEngine({ states, stateDir: first.stateDir, clock: first.clock });
  expect(await second.history(arn)).toHaveLength(6);
  expect(await second.call('DescribeExecution', { executionArn: arn })).toMatchObject({
    input: '{"seconds":20}',
  });
  await second.clock.advance(90 * dayMs);
  await expect(second.describe(arn)).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
});

test('one that was redriven is kept from its last end on', async () => {
  const engine = await startEngine({ states: { Only: { Type: 'Fail', Error: 'No' } } });
  const executionArn = await engine.start();
  await engine.clock.advance(10 * dayMs);
  await engine.call('RedriveExecution', { executionArn });
  await engine.clock.advance(85 * dayMs);
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'FAILED' });
  await engine.clock.advance(5 * dayMs);
  await expect(engine.describe(executionArn)).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
});

test('a file of the journal goes once nothing in it is of use, but not the one that is written', async () => {
  const folder = tempFolder();
  const record = (execution: string): JournalRecord => ({
    execution,
    atMs: 1,
    events: [],
    put: [],
    removed: ['x'.repeat(100)],
  });
  const journal = await openJournal(folder, () => undefined, { segmentBytes: 10 });
  const positions: Position[] = [];
  for (const name of ['a', 'b', 'c', 'd']) positions.push(await journal.append(record(name)));
  const files = () => readdirSync(folder).sort();
  expect(files()).toHaveLength(4);
  await journal.forget(positions.slice(1, 2));
  expect(files()).toEqual(['00000001.jsonl', '00000003.jsonl', '00000004.jsonl']);
  await journal.forget(positions.slice(3));
  expect(files()).toHaveLength(3);
  await journal.append(record('e'));
  expect(files()).toEqual(['00000001.jsonl', '00000003.jsonl', '00000005.jsonl']);
  expect(await journal.read(positions[2] ?? [0, 0, 0])).toEqual(record('c'));
  await journal.close();
  const seen: string[] = [];
  const again = await openJournal(folder, ({ execution }) => seen.push(execution));
  await again.close();
  expect(seen).toEqual(['a', 'c', 'e']);
  expect(readdirSync(join(folder))).toHaveLength(3);
});
