import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { findingSentence, suggestionSentence } from '../../../domain/findings/finding-messages.ts';
import { languages } from '../../../domain/values/languages.ts';
import { fileFinding } from '../../../functions/intake/file-finding.ts';
import { readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { refusals } from '../../../functions/intake/readers/invalid-file.ts';
import { readSheet } from '../../../functions/intake/readers/read-sheet.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { anXlsx, textRows } from '../an-xlsx.ts';
import { csvOf, now, timeZone } from '../sample-orders.ts';
import { orderRows } from './hostile/hostile-case.ts';
import { sheetCases } from './hostile/sheet-cases.ts';
import { textCases } from './hostile/text-cases.ts';
import { xmlCases } from './hostile/xml-cases.ts';
import { zipCases } from './hostile/zip-cases.ts';

const cases = [...zipCases, ...xmlCases, ...sheetCases, ...textCases];

const answerSchema = z.object({
  outcome: z.enum(['read', 'refused', 'crashed']),
  orders: z.int().optional(),
  refusal: z.enum(refusals).optional(),
  detail: z.record(z.string(), z.string()).optional(),
  error: z.string().optional(),
  peakMegabytes: z.number(),
});

const program = new URL('./hostile/read-in-turn.ts', import.meta.url);
const maxMegabytes = 512;
const heapMegabytes = 320;

let folder: string;
let reader: ChildProcess;
let peakMegabytes = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rudan-hostile-'));
  reader = fork(program, { execArgv: [`--max-old-space-size=${heapMegabytes}`] });
  await writeFile(join(folder, 'good.xlsx'), await anXlsx(textRows(orderRows)));
});

afterAll(async () => {
  reader.kill();
  await rm(folder, { recursive: true, force: true });
});

/** What the other process makes of a file; a process that has died of it fails the test. */
const readElsewhere = async (name: string) => {
  reader.send(join(folder, name));
  const gaveUp = new AbortController();
  const { signal } = gaveUp;
  const answered = once(reader, 'message', { signal });
  const died = once(reader, 'exit', { signal }).then(() => {
    throw new Error('the reader has died');
  });
  const [message] = await Promise.race([answered, died]);
  died.catch(() => undefined);
  gaveUp.abort();
  const answer = answerSchema.parse(message);
  peakMegabytes = Math.max(peakMegabytes, answer.peakMegabytes);
  return answer;
};

test('there are at least 60 hostile files', () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
});

describe('a hostile file is refused by name, and the next one is read in the same process', () => {
  test.for(cases)('$name: $refusal', { timeout: 40_000 }, async ({ refusal, file }) => {
    await writeFile(join(folder, 'hostile'), await file());
    const { outcome, refusal: given, detail, error } = await readElsewhere('hostile');
    expect({ outcome, refusal: given, error }).toEqual({ outcome: 'refused', refusal, error: undefined });
    const finding = fileFinding({ refusal, detail: detail ?? {} });
    for (const language of languages) {
      expect(findingSentence(finding, language)).not.toBe('');
      expect(suggestionSentence(finding, language)).toBeTypeOf('string');
    }
    expect(await readElsewhere('good.xlsx')).toMatchObject({ outcome: 'read', orders: 1 });
  });

  test(`all of them within ${maxMegabytes} MB`, () => {
    expect(peakMegabytes).toBeGreaterThan(0);
    expect(peakMegabytes).toBeLessThan(maxMegabytes);
  });
});

test('a file that takes too long is refused', async () => {
  const context = { partner: aPartner(), now, timeZone, signal: AbortSignal.abort() };
  for (const bytes of [await anXlsx(textRows(orderRows)), Buffer.from(csvOf(orderRows))])
    await expect(readOrderFile(bytes, context)).rejects.toMatchObject({ refusal: 'TOO_SLOW' });
});

test('a timer stops the reading of many rows of delimited text', async () => {
  const rows = Array.from({ length: 400_000 }, () => [' ']);
  const bytes = Buffer.from(csvOf([...orderRows, ...rows]));
  const context = { partner: aPartner(), now, timeZone, signal: AbortSignal.timeout(1) };
  await expect(readOrderFile(bytes, context)).rejects.toMatchObject({ refusal: 'TOO_SLOW' });
});

test('a reader that is left early closes its streams', async () => {
  for (const bytes of [await anXlsx(textRows(orderRows)), Buffer.from(csvOf(orderRows))]) {
    for await (const row of readSheet(bytes)) {
      expect(row.row).toBe(1);
      break;
    }
  }
});
