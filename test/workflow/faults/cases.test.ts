import { expect, test } from 'vitest';
import type { FaultKind } from '../../../local/calls/fault.ts';
import { allCases, idOf, isNamed, mayMiss, type RecordedSites, sampleOf } from './cases.ts';

const aSite = (site: string, count: number, kinds: FaultKind[]) =>
  ({ site, service: 'dynamodb', action: 'PutItem', count, kinds }) as const;
const recorded: RecordedSites[] = [
  {
    story: 'prepaid',
    sites: [aSite('A', 1, ['throttle', 'cut']), aSite('B', 3, ['throttle', 'conflict', 'partial'])],
  },
  { story: 'file', sites: [aSite('B', 2, ['throttle', 'cut']), aSite('C', 1, ['error-after'])] },
];
const cases = allCases(recorded);
const sites = ['* dynamodb', 'A', 'B', 'C'];

test('every kind that a site can meet comes at its first, its second and every call', () => {
  const ofB = cases.filter(({ story, fault }) => story === 'prepaid' && fault.site === 'B');
  expect(ofB.map(({ fault }) => `${fault.kind} ${fault.nth}`).sort()).toEqual(
    ['conflict', 'partial', 'throttle'].flatMap((kind) => [
      ...[1, 1, 2, 2].map((nth) => `${kind} ${nth}`),
      `${kind} every`,
    ]),
  );
});

test.for([1, 2, 3, 4, 5])('a small sample has every site and most kinds, whatever its seed: %i', (seed) => {
  const sample = sampleOf(cases, 6, seed);
  expect([...new Set(sample.map(({ fault }) => fault.site))].sort()).toEqual(sites);
  expect(new Set(sample.map(({ fault }) => fault.kind)).size).toBeGreaterThanOrEqual(4);
  expect(sample.filter((one) => one.fault.nth === 2 && mayMiss(one))).toEqual([]);
});

test('the same seed draws the same sample, and a sample of all has all', () => {
  expect(sampleOf(cases, 9, 42)).toEqual(sampleOf(cases, 9, 42));
  expect(new Set(sampleOf(cases, cases.length, 7))).toEqual(new Set(cases));
});

test('a case is found by its name, with or without its last parts', () => {
  const [one] = cases;
  if (!one) throw new Error('there are cases');
  expect(isNamed(one, idOf(one))).toBe(true);
  expect(isNamed(one, 'A|throttle|1')).toBe(true);
  expect(isNamed(one, 'A|throttle')).toBe(true);
  expect(isNamed(one, 'A|thr')).toBe(false);
});
