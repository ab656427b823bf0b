import { describe, expect, test } from 'vitest';
import { customerOfKeys, isNameLike, isSlipOf, keysOf } from '../../../domain/customers/customer-match.ts';

describe('the customer that keys lead to', () => {
  test.for([
    ['nobody has any of them', [[], [], []], undefined],
    ['one has the e-mail address', [['A'], [], []], 'A'],
    ['one has the tax number alone', [[], [], ['A']], 'A'],
    ['one has all of them', [['A'], ['A'], ['A']], 'A'],
    ['several share the telephone, one of them has the address', [['A'], ['B', 'A', 'C'], []], 'A'],
    ['several share the telephone and nothing else is known', [[], ['A', 'B'], []], undefined],
    ['address and telephone lead to two', [['A'], ['B'], []], undefined],
    ['the tax number leads to a third', [['A', 'B'], ['A', 'B'], ['C']], undefined],
    ['two share everything', [['A', 'B'], ['A', 'B'], []], undefined],
  ] as const)('%s', ([, found, expected]) => {
    expect(customerOfKeys(found.map((customerIds) => ({ customerIds })))).toBe(expected);
  });
});

test('keys are compared in one way of writing', () => {
  const written = { email: 'Wang@Example.COM', telephone: '+8613800138000', taxId: '91310115ma1k3xxxxx' };
  expect([...keysOf(written)]).toEqual([
    ['EMAIL', 'wang@example.com'],
    ['TELEPHONE', '+8613800138000'],
    ['TAX_ID', '91310115MA1K3XXXXX'],
  ]);
  expect([...keysOf({})]).toEqual([]);
});

test.for([
  ['C10086', 'C10086', true],
  ['c-10086', 'C10086', true],
  ['C10068', 'C10086', false],
  ['C1008', 'C10086', true],
  ['C100866', 'C10086', true],
  ['C10085', 'C10086', true],
  ['C20085', 'C10086', false],
] as const)('%s may be a slip of %s: %s', ([written, customerId, expected]) => {
  expect(isSlipOf(written, customerId)).toBe(expected);
});

test.for([
  ['上海示例贸易有限公司', '上海示例贸易有限公司', true],
  ['上海示例贸易公司', '上海示例贸易有限公司', true],
  ['上海示例贸易', '上海示例贸易有限公司', true],
  ['上海示列贸易有限公司', '上海示例贸易有限公司', true],
  ['北京示例科技有限公司', '上海示例贸易有限公司', false],
  ['李示例', '张示例', false],
  ['示例', '示例咖啡馆', false],
  ['Example Office Suply Inc', 'Example Office Supply Inc.', true],
  ['Example Hardware LLC', 'Example Office Supply Inc.', false],
] as const)('“%s” is like “%s”: %s', ([written, name, expected]) => {
  expect(isNameLike(written, name)).toBe(expected);
});
