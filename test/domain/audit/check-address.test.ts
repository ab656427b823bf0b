import { describe, expect, test } from 'vitest';
import { regionsWith } from '../../../domain/address/chinese-cities.ts';
import { chineseRegions } from '../../../domain/address/chinese-regions.ts';
import { checkAddress } from '../../../domain/audit/check-address.ts';
import { aSubmission } from '../../builders/a-submission.ts';
import { anAudit } from '../../builders/an-audit.ts';

type Address = ReturnType<typeof aSubmission>['delivery']['address'];

const at = (address: Partial<Address>) => {
  const { delivery } = aSubmission();
  const { countryCode = 'CN', city = '上海市' } = address;
  return checkAddress(
    anAudit({
      submission: {
        delivery: { ...delivery, address: { line1: '示例路 1 号', ...address, countryCode, city } },
      },
    }),
  );
};
const told = (address: Partial<Address>) =>
  at(address).map(({ pointer, suggestion = '-' }) => `${pointer.split('/').at(-1)} ${suggestion}`);

describe('in China, a city', () => {
  test.for([
    ['CN-SH', '上海市', []],
    ['上海', '上海', []],
    ['Shanghai', 'Shanghai', []],
    ['广东省', '深圳市', []],
    ['广东', '深圳', []],
    ['CN-JS', '苏州市', []],
    ['CN-ZJ', '苏州市', ['region CN-JS']],
    ['浙江省', '苏州', ['region 江苏省']],
    ['CN-GD', '上海市', ['region CN-SH']],
    ['Guangdong', 'Shanghai', ['region Shanghai']],
    ['CN-QH', '海西蒙古族藏族自治州', []],
    ['CN-JL', '延边州', []],
    ['CN-LN', '延边州', ['region CN-JL']],
    ['CN-JS', '昆山市', []],
    ['CN-GD', 'Kleinstadt', []],
    ['CN-SH', '浦东新区', []],
    ['CN-BJ', '浦东新区', ['region CN-SH']],
  ] as const)('in region %s: %s', ([region, city, expected]) => {
    expect(told({ region, city })).toEqual(expected);
  });

  test('that several regions have, but not this one, is asked about without a guess', () => {
    expect(regionsWith('朝阳市')).toEqual(['CN-LN']);
    expect(told({ region: 'CN-GD', city: '朝阳' })).toEqual(['region CN-LN']);
  });

  test.for(chineseRegions.map(({ code, full }) => [code, full] as const))(
    'is never said to be elsewhere when it is in its own region: %s %s',
    ([region, full]) => {
      expect(told({ region, city: full })).toEqual([]);
    },
  );
});

test('a region that does not exist is asked about, with the one of the city, else the nearest name', () => {
  expect(at({ region: '江西西省', city: '南昌市' })).toEqual([
    {
      severity: 'HOLD',
      code: 'ADDRESS_REGION_MISMATCH',
      pointer: '#/delivery/address/region',
      value: '江西西省',
      suggestion: '江西省',
    },
  ]);
  expect(told({ region: 'CN-XX', city: '杭州市' })).toEqual(['region CN-ZJ']);
  expect(told({ region: 'Guandong', city: 'Kleinstadt' })).toEqual(['region Guangdong']);
  expect(told({ region: 'Mordor', city: 'Kleinstadt' })).toEqual(['region -']);
});

describe('a district', () => {
  test.for([
    ['CN-SH', '上海市', '浦东新区', []],
    ['CN-SH', '上海市', '海淀区', ['district -']],
    ['CN-BJ', '北京市', '朝阳区', []],
    ['CN-SH', '上海市', '某某镇', []],
    ['CN-GD', '深圳市', '南山区', []],
  ] as const)('of %s %s: %s', ([region, city, district, expected]) => {
    expect(told({ region, city, district })).toEqual(expected);
  });
});

describe('a postcode', () => {
  test.for([
    ['CN-SH', '上海市', '201203', []],
    ['CN-SH', '上海市', '100000', ['postalCode -']],
    ['CN-NM', '呼伦贝尔市', '162750', []],
    ['CN-HK', 'Hong Kong', '999077', []],
  ] as const)('in %s %s: %s', ([region, city, postalCode, expected]) => {
    expect(told({ region, city, postalCode })).toEqual(expected);
  });

  test('that points elsewhere is only told', () => {
    expect(at({ region: 'CN-SH', postalCode: '100000' })).toMatchObject([
      { severity: 'WARNING', value: '100000', expected: '上海市' },
    ]);
  });
});

describe('elsewhere', () => {
  test.for([
    ['US', 'IL', []],
    ['US', 'us-il', []],
    ['US', 'Illinois', []],
    ['US', 'Ilinois', ['region Illinois']],
    ['CA', 'Québec', []],
    ['CA', 'ZZ', ['region -']],
    ['AU', 'New South Wales', []],
    ['DE', 'Bayern', []],
    ['GB', undefined, []],
  ] as const)('%s with state %s', ([countryCode, region, expected]) => {
    expect(told({ countryCode, region, city: 'Springfield' })).toEqual(expected);
  });
});
