import { expect, test } from 'vitest';
import { emptyIndex, type RuleIndex, withVersion } from '../../domain/rules/rule-index.ts';
import { rulesOf } from '../../domain/rules/rules.ts';
import { createRuleBook, ruleIndexKey, ruleVersionKey } from '../../functions/shared/rule-book.ts';

const march = '2026-03-02';
const discounts = (gold: number) => ({
  maximumPercent: { STANDARD: 1, SILVER: 2, GOLD: gold, WHOLESALE: 4 },
});

/** A table of rules that counts what is read of it. */
const aTable = () => {
  const rows = new Map<string, Record<string, unknown>>();
  const clock = { now: 0 };
  let index: RuleIndex = emptyIndex;
  const reads: string[] = [];
  const put = (key: { pk: string; sk: string }, row: Record<string, unknown>) =>
    rows.set(`${key.pk} ${key.sk}`, { ...key, ...row });
  const load = (content: unknown, from = march) => {
    const next = withVersion(index, 'discounts', { from, today: march });
    index = next.index;
    put(ruleIndexKey, index);
    put(ruleVersionKey('discounts', next.version), {
      name: 'discounts',
      version: next.version,
      from,
      loadedAt: '2026-03-02T08:00:00Z',
      content,
    });
  };
  const book = createRuleBook(
    async (keys) => {
      reads.push(...keys.map(({ pk, sk }) => `${pk} ${sk}`));
      return keys.map(({ pk, sk }) => rows.get(`${pk} ${sk}`)).filter((row) => row !== undefined);
    },
    () => clock.now,
  );
  return { book, load, clock, reads, rows };
};

test('nothing loaded is what is built in, at one read a minute', async () => {
  const { book, clock, reads } = aTable();
  for (let time = 0; time < 5; time++) expect((await book(march)).discounts.version).toBe(0);
  expect(reads).toEqual(['RULES INDEX']);
  clock.now = 60_000;
  await book(march);
  expect(reads).toEqual(['RULES INDEX', 'RULES INDEX']);
});

test('another version holds within a minute, and is read once', async () => {
  const { book, load, clock, reads } = aTable();
  load(discounts(30));
  expect((await book(march)).discounts).toEqual({ version: 1, content: discounts(30) });
  load(discounts(40));
  expect((await book(march)).discounts.version).toBe(1);
  for (let minute = 1; minute <= 3; minute++) {
    clock.now = minute * 60_000;
    expect((await book(march)).discounts).toEqual({ version: 2, content: discounts(40) });
  }
  expect(reads.filter((key) => key.startsWith('RULES#'))).toEqual([
    'RULES#discounts V#000001',
    'RULES#discounts V#000002',
  ]);
});

test('a version of a later day holds from that day on, without a new read of the index', async () => {
  const { book, load, reads } = aTable();
  load(discounts(30));
  load(discounts(40), '2026-04-01');
  expect((await book('2026-03-31')).discounts.version).toBe(1);
  expect((await book('2026-04-01')).discounts.version).toBe(2);
  expect(reads.filter((key) => key === 'RULES INDEX')).toHaveLength(1);
});

test('documents of a later release are passed over', async () => {
  const { book, load, rows } = aTable();
  load(discounts(30));
  const index = rows.get('RULES INDEX');
  rows.set('RULES INDEX', {
    ...index,
    versions: { prizes: [{ version: 2, from: march }] },
    latest: { prizes: 2 },
  });
  expect(await book(march)).toEqual(rulesOf({}));
});

test('a version that is not on file is a fault, not the rules before it', async () => {
  const { book, load, rows } = aTable();
  load(discounts(30));
  rows.delete('RULES#discounts V#000001');
  await expect(book(march)).rejects.toThrow('discounts@1');
});
