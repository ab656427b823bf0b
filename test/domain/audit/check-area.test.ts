import { describe, expect, test } from 'vitest';
import { checkArea } from '../../../domain/audit/check-area.ts';
import { type Area, areaRulesSchema } from '../../../domain/rules/area-rules.ts';
import { rulesOf } from '../../../domain/rules/rules.ts';
import { aSubmission } from '../../builders/a-submission.ts';
import { anAudit } from '../../builders/an-audit.ts';

const to = (areas: readonly Area[] | undefined, countryCode: string, region?: string, city = 'Somewhere') => {
  const { delivery } = aSubmission();
  const address = { line1: 'x', city, region, countryCode };
  const rules = rulesOf(areas ? { areas: { version: 1, content: areas } } : {});
  return checkArea(anAudit({ rules, submission: { delivery: { ...delivery, address } } }));
};

/** China without Tibet except Lhasa, and California. */
const areas: Area[] = [
  { countryCode: 'CN', served: true },
  { countryCode: 'CN', region: 'CN-XZ', served: false },
  { countryCode: 'CN', region: 'CN-XZ', city: '拉萨市', served: true },
  { countryCode: 'US', region: 'US-CA', served: true },
];

test.for([
  ['CN', 'CN-SH', '上海市', true],
  ['CN', 'CN-XZ', '日喀则市', false],
  ['CN', '西藏', '那曲市', false],
  ['CN', '西藏自治区', '拉萨市', true],
  ['US', 'California', 'Oakland', true],
  ['US', 'NV', 'Reno', false],
  ['DE', undefined, 'Berlin', false],
] as const)('%s %s %s is served: %s', ([countryCode, region, city, served]) => {
  expect(to(areas, countryCode, region, city).length === 0).toBe(served);
});

describe('what is not served', () => {
  test('is named by country, region and city', () => {
    expect(to(areas, 'US', 'NV', 'Reno')).toEqual([
      { severity: 'HOLD', code: 'AREA_NOT_SERVED', pointer: '#/delivery/address', value: 'US NV Reno' },
    ]);
  });

  test('does not depend on the order of the rows', () => {
    expect(to(areas.toReversed(), 'CN', 'CN-XZ', '日喀则市')).toHaveLength(1);
    expect(to(areas.toReversed(), 'CN', 'CN-XZ', '拉萨市')).toEqual([]);
  });
});

test('without other word everywhere is served, and nobody loads a list by which nowhere is', () => {
  expect(to(undefined, 'AQ')).toEqual([]);
  expect(areaRulesSchema.safeParse([]).success).toBe(false);
  expect(areaRulesSchema.safeParse([{ countryCode: 'XX', served: true }]).success).toBe(false);
});
