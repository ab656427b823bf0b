import { describe, expect, test } from 'vitest';
import { findingMessage } from '../../../domain/findings/finding-messages.ts';
import type { CellFinding } from '../../../domain/uploads/upload.ts';
import { fileFinding } from '../../../functions/intake/file-finding.ts';
import { type OrderFile, readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { InvalidFile } from '../../../functions/intake/readers/invalid-file.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { now, timeZone } from '../sample-orders.ts';
import type { DamagedFile } from './damaged-file.ts';
import { damagedCases } from './damaged-files.ts';
import { intendedBody } from './intended-body.ts';

const seeds = process.env.NIGHTLY ? Array.from({ length: 25 }, (_, seed) => seed + 1) : [1, 2];
const cases = seeds.flatMap((seed) => damagedCases(seed).map((one) => ({ ...one, seed })));

const nothingRead: Pick<OrderFile, 'orders'> = { orders: [] };

/** What a file reads as; a refused one as the finding that refuses it. */
const read = async (bytes: Buffer) => {
  try {
    return await readOrderFile(bytes, { partner: aPartner(), now, timeZone });
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
    return { ...nothingRead, findings: [fileFinding(error)] };
  }
};

const told = ({ severity, code, cell = '-' }: CellFinding): string => `${severity} ${code} ${cell}`;

/** JSON as it is stored: what is undefined is not there. */
const stored = (body: unknown): unknown => JSON.parse(JSON.stringify(body));

/** Orders that nothing was said of are what their sender meant; those of a harmless damage are, too. */
const expectAsMeant = ({ orders: meant, readsAsMeant }: DamagedFile, orders: OrderFile['orders']): void => {
  for (const order of meant) {
    const found = orders.find(({ reference }) => reference === order.reference);
    if (readsAsMeant || found?.findings.length === 0)
      expect(stored(found?.body)).toEqual(intendedBody(order));
  }
  const references = new Set(meant.map(({ reference }) => reference));
  const unmeant = orders.filter(({ reference }) => !references.has(reference));
  expect(unmeant.filter(({ findings }) => findings.length === 0)).toEqual([]);
};

test('the corpus has at least 200 damaged files', () => {
  expect(cases.length).toBeGreaterThanOrEqual(200);
});

describe('damage is told at its cell, and no order is wrong without a word', () => {
  test.for(cases)('$name, seed $seed', async ({ file }) => {
    const damaged = await file();
    expect(damaged.findings).not.toEqual([]);
    const { orders, findings } = await read(damaged.bytes);
    const all: CellFinding[] = [...findings, ...orders.flatMap((order) => order.findings)];
    expect(all.map(told).toSorted()).toEqual([...damaged.findings].toSorted());
    expectAsMeant(damaged, orders);
    if (damaged.suggestion !== undefined)
      expect(all.map(({ suggestion }) => suggestion)).toContain(damaged.suggestion);
    for (const finding of all)
      for (const sentence of Object.values(findingMessage(finding))) expect(sentence).not.toBe('');
  });
});
