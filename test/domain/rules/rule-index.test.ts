import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyIndex, type RuleIndex, versionOn, withVersion } from '../../../domain/rules/rule-index.ts';

const loaded = (...loads: { from: string; today: string }[]): RuleIndex =>
  loads.reduce((index, load) => withVersion(index, 'promotions', load).index, emptyIndex);

const march = '2026-03-02';

test.for([
  { name: 'none', index: emptyIndex, day: march, version: 0 },
  { name: 'one that has begun', index: loaded({ from: march, today: march }), day: march, version: 1 },
  { name: 'one of tomorrow', index: loaded({ from: '2026-03-03', today: march }), day: march, version: 0 },
  { name: 'it tomorrow', index: loaded({ from: '2026-03-03', today: march }), day: '2026-03-03', version: 1 },
  {
    name: 'the later of two on one day',
    index: loaded({ from: march, today: march }, { from: march, today: march }),
    day: march,
    version: 2,
  },
  {
    name: 'the one that began last, though it was loaded first',
    index: loaded({ from: '2026-04-01', today: march }, { from: march, today: march }),
    day: '2026-04-01',
    version: 1,
  },
  {
    name: 'until then, the other',
    index: loaded({ from: '2026-04-01', today: march }, { from: march, today: march }),
    day: '2026-03-31',
    version: 2,
  },
])('holds: $name', ({ index, day, version }) => {
  expect(versionOn(index, 'promotions', day)).toBe(version);
  expect(versionOn(index, 'discounts', day)).toBe(0);
});

const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`);

test('what is forgotten would hold on no day from the load on', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(day, day), { minLength: 1, maxLength: 8 }), day, (pairs, asked) => {
      const loads = pairs
        .map(([from, today]) => ({ from, today }))
        .sort((a, b) => a.today.localeCompare(b.today));
      const index = loaded(...loads);
      const last = loads.at(-1)?.today ?? '';
      const begun = loads
        .map(({ from }, at) => ({ from, version: at + 1 }))
        .filter(({ from }) => from <= asked);
      const expected = begun.toSorted((a, b) => b.from.localeCompare(a.from) || b.version - a.version)[0];
      fc.pre(asked >= last);
      expect(versionOn(index, 'promotions', asked)).toBe(expected?.version ?? 0);
      expect(index.edition).toBe(loads.length);
    }),
  );
});
