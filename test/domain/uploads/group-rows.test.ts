import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupRows, settleOrderValue } from '../../../domain/uploads/group-rows.ts';

const rows = (...references: string[]) =>
  references.map((reference, index) => ({ reference, row: index + 2 }));
const shown = (groups: { reference: string; rows: { row: number }[] }[]) =>
  groups.map(({ reference, rows }) => [reference, ...rows.map(({ row }) => row)]);

describe('rows of one reference are one order', () => {
  test.for([
    {
      name: 'wherever they stand',
      references: ['A', 'B', 'A'],
      orders: [
        ['A', 2, 4],
        ['B', 3],
      ],
    },
    {
      name: 'a blank one belongs to the row above',
      references: ['A', '', 'B', ''],
      orders: [
        ['A', 2, 3],
        ['B', 4, 5],
      ],
    },
    {
      name: 'blank ones above the first form one',
      references: ['', '', 'A'],
      orders: [
        ['', 2, 3],
        ['A', 4],
      ],
    },
    {
      name: 'references differ by case',
      references: ['a', 'A'],
      orders: [
        ['a', 2],
        ['A', 3],
      ],
    },
    {
      name: 'names of object members are plain references',
      references: ['__proto__', 'constructor'],
      orders: [
        ['__proto__', 2],
        ['constructor', 3],
      ],
    },
  ])('$name', ({ references, orders }) => {
    expect(shown(groupRows(rows(...references)).orders)).toEqual(orders);
  });

  test('examples stand apart, with the blank rows below them', () => {
    const { orders, examples } = groupRows(rows('EXAMPLE-1', '', '示例2', 'ｅｘａｍｐｌｅ 3', 'MY-EXAMPLE'));
    expect(shown(examples)).toEqual([
      ['EXAMPLE-1', 2, 3],
      ['示例2', 4],
      ['ｅｘａｍｐｌｅ 3', 5],
    ]);
    expect(shown(orders)).toEqual([['MY-EXAMPLE', 6]]);
  });

  test('every row is in exactly one group, in the order of the file', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('', 'A', 'B', 'EXAMPLE', '示例')), (references) => {
        const { orders, examples } = groupRows(rows(...references));
        const grouped = [...orders, ...examples].flatMap((group) => group.rows.map(({ row }) => row));
        expect(grouped.toSorted((a, b) => a - b)).toEqual(rows(...references).map(({ row }) => row));
        for (const group of [...orders, ...examples])
          expect(group.rows).toEqual(group.rows.toSorted((a, b) => a.row - b.row));
      }),
    );
  });
});

describe('a value that holds for the whole order', () => {
  test.for([
    {
      name: 'is the first one given',
      values: [undefined, 'a', undefined],
      settled: { from: 1, value: 'a', conflicts: [] },
    },
    { name: 'may be repeated', values: ['a', 'a'], settled: { from: 0, value: 'a', conflicts: [] } },
    {
      name: 'conflicts with every other',
      values: ['a', 'b', 'a', 'c'],
      settled: {
        from: 0,
        value: 'a',
        conflicts: [
          { from: 1, value: 'b' },
          { from: 3, value: 'c' },
        ],
      },
    },
    { name: 'is absent when no row gives it', values: [undefined], settled: undefined },
  ])('$name', ({ values, settled }) => {
    expect(settleOrderValue(values)).toEqual(settled);
  });
});
