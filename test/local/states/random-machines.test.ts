import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { randomMachine } from './random-machine.ts';
import { startEngine, type TestEngine } from './start-engine.ts';

type History = Awaited<ReturnType<TestEngine['history']>>;

const endOfFork = /^(Map|Parallel)State(Succeeded|Failed|Aborted)$/;
const startOfFork = /^(Map|Parallel)StateStarted$/;

/** What every history is like, whatever the machine. */
const expectWellFormed = (events: History, isDone: boolean) => {
  expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1));
  for (const { id, previousEventId } of events) expect(previousEventId).toBeLessThan(id);
  const count = (type: RegExp) => events.filter((event) => type.test(event.type)).length;
  expect(count(/^Execution(Succeeded|Failed)$/)).toBe(1);
  expect(events.at(-1)?.type).toMatch(/^Execution(Succeeded|Failed)$/);
  expect(count(/^MapIteration(Succeeded|Failed|Aborted)$/)).toBe(count(/^MapIterationStarted$/));
  if (!isDone) return;
  expect(count(endOfFork)).toBe(count(startOfFork));
  expect(count(/StateExited$/)).toBe(count(/StateEntered$/));
};

const run = async (states: Record<string, JsonValue>) => {
  const engine = await startEngine({ states });
  const arn = await engine.start('begun');
  await engine.clock.advance(200_000);
  await engine.idle();
  const answer = { ...(await engine.describe(arn)), events: await engine.history(arn) };
  await engine.close();
  return answer;
};

test('forks of forks give what their parts give, each part once', async () => {
  await fc.assert(
    fc.asyncProperty(randomMachine(false), async ({ states, outputFor }) => {
      const { status, output, events } = await run(states);
      expect(status).toBe('SUCCEEDED');
      expect(output).toEqual(outputFor('begun'));
      expectWellFormed(events, true);
    }),
    { numRuns: 40 },
  );
});

test('where parts fail, are caught or tried again, every fork and every iteration ends once', async () => {
  await fc.assert(
    fc.asyncProperty(randomMachine(true), async ({ states }) => {
      const { status, events } = await run(states);
      expect(['SUCCEEDED', 'FAILED']).toContain(status);
      expectWellFormed(events, false);
    }),
    { numRuns: 40 },
  );
});
