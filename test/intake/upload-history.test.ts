import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { mostBatches } from '../../functions/intake/batch.ts';
import type { JsonValue } from '../../local/json.ts';
import { TaskError } from '../../local/states/engine.ts';
import { historyLimitEvents, payloadLimitBytes } from '../../local/states/limits.ts';
import { lambda, startEngine } from '../local/states/start-engine.ts';

const retries = 6;

const { States: states } = z
  .object({ States: z.record(z.string(), z.json()) })
  .parse(
    JSON.parse(
      readFileSync(new URL('../../statemachines/upload.asl.json', import.meta.url), 'utf8').replaceAll(
        /\$\{(\w+)\}/g,
        '$1',
      ),
    ),
  );

const callSchema = z.object({
  FunctionName: z.string(),
  Payload: z.looseObject({ batch: z.string().optional() }),
});

const uploadId = '019a0000-0000-7000-8000-000000000001';
const keyOf = (kind: string, index: number): string =>
  `uploads/${uploadId}/${kind}-${String(index + 1).padStart(4, '0')}.jsonl`;

/** Runs a file that must be taken whole, each batch of which fails so many times at each visit; answers its history's length. */
const run = async (batches: number, failures: number) => {
  const tries = new Map<string, number>();
  const read = {
    outcome: 'read',
    uploadId,
    mode: 'REJECT_FILE',
    batches: Array.from({ length: batches }, (_, index) => keyOf('batch', index)),
  };
  const submit = (payload: JsonValue, batch: string): JsonValue => {
    const visit = JSON.stringify(payload);
    const tried = tries.get(visit) ?? 0;
    tries.set(visit, tried + 1);
    if (tried < failures) throw new TaskError('Retryable', 'not now');
    return { result: batch.replace('batch', 'result'), rejected: 0 };
  };
  const written: JsonValue[] = [];
  const invoke = async (args: JsonValue): Promise<JsonValue> => {
    const { FunctionName, Payload } = callSchema.parse(args);
    if (FunctionName === 'ReadUpload') return { Payload: read };
    if (FunctionName === 'SubmitBatch')
      return { Payload: submit(z.json().parse(Payload), Payload.batch ?? '') };
    written.push(z.json().parse(Payload.results));
    return { Payload: { outcome: 'finished' } };
  };
  const engine = await startEngine({ states, integrations: { [lambda]: invoke } });
  const executionArn = await engine.start({ bucket: 'inbox', key: 'k', versionId: 'v' });
  await engine.idle();
  for (let rest = 0; rest < 100 && (await engine.describe(executionArn)).status === 'RUNNING'; rest += 1)
    await engine.clock.advance(60_000);
  const { status } = await engine.describe(executionArn);
  const last = z
    .object({ events: z.array(z.object({ id: z.number() })) })
    .parse(await engine.call('GetExecutionHistory', { executionArn, maxResults: 1, reverseOrder: true }));
  return { status, events: last.events[0]?.id ?? 0, written };
};

describe('the upload machine carries the longest file', () => {
  test('in its history, even when every batch is checked and placed at its last try', async () => {
    const one = await run(1, 0);
    const two = await run(2, 0);
    const failing = await run(1, retries);
    expect([one, two, failing].map(({ status }) => status)).toEqual(Array(3).fill('SUCCEEDED'));
    const ofBatch = two.events - one.events;
    const ofRetries = failing.events - one.events;
    expect({ ofBatch, ofRetries }).toEqual({ ofBatch: 2 * 7, ofRetries: 2 * 3 * retries });
    expect(one.events + (mostBatches - 1) * ofBatch + mostBatches * ofRetries).toBeLessThan(
      historyLimitEvents,
    );
  });

  test('and hands on the keys of all its batches', async () => {
    const { status, events, written } = await run(mostBatches, 0);
    expect({ status, isWithin: events < historyLimitEvents }).toEqual({
      status: 'SUCCEEDED',
      isWithin: true,
    });
    expect(written).toEqual([Array.from({ length: mostBatches }, (_, index) => keyOf('result', index))]);
    expect(JSON.stringify(written).length * 4).toBeLessThan(payloadLimitBytes);
  });
});
