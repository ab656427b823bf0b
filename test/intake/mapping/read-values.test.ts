import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chineseRegionFor } from '../../../functions/intake/mapping/chinese-regions.ts';
import { type DateReading, readDate } from '../../../functions/intake/mapping/read-date.ts';
import { typedDiscountOf } from '../../../functions/intake/mapping/read-discount.ts';
import { decimalOfCell, decimalOfText } from '../../../functions/intake/mapping/read-number.ts';
import { telephoneOf } from '../../../functions/intake/mapping/read-telephone.ts';
import { splitAddress } from '../../../functions/intake/mapping/split-address.ts';

test.for([
  ['1,234.50', '1234.5'],
  ['1,234,567', '1234567'],
  ['１２３．５', '123.5'],
  ['¥39.90', '39.9'],
  ['￥ 39.9', '39.9'],
  ['39.9元', '39.9'],
  ['RMB 1,000', '1000'],
  ['-5', '-5'],
  ['007', '7'],
  ['1.234,50', undefined],
  ['1,23', undefined],
  ['12a', undefined],
  ['', undefined],
  ['1e5', undefined],
  ['9'.repeat(101), undefined],
])('typed number %j is %j', ([text = '', decimal]) => {
  expect(decimalOfText(text)).toBe(decimal);
});

test.for([
  ['39.899999999999999', '39.9'],
  ['0.30000000000000004', '0.3'],
  ['909.71999999999991', '909.72'],
  ['1E-2', '0.01'],
  ['6.9E+19', '69000000000000000000'],
  ['69000000000001234567', '69000000000001234567'],
  ['13800138000', '13800138000'],
  ['1e999', undefined],
  ['NaN', undefined],
  ['abc', undefined],
])('number cell %j is %j', ([text = '', decimal]) => {
  expect(decimalOfCell(text)).toBe(decimal);
});

test('a double written with 17 digits reads as the 15 that a spreadsheet shows', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.nat(4), (digits, places) => {
      const value = digits / 10 ** places;
      expect(Number(decimalOfCell(value.toPrecision(17)))).toBe(value);
    }),
  );
});

describe('dates', () => {
  const day = (text: string): DateReading => ({ outcome: 'date', day: text });
  test.for<[string, DateReading]>([
    ['2025-10-20', day('2025-10-20')],
    ['2025/1/5', day('2025-01-05')],
    ['2025.10.20', day('2025-10-20')],
    ['20251020', day('2025-10-20')],
    ['2025年10月20日', day('2025-10-20')],
    ['2025年1月5', day('2025-01-05')],
    ['２０２５－１０－２０', day('2025-10-20')],
    ['25/12/2025', day('2025-12-25')],
    ['12/25/2025', day('2025-12-25')],
    ['03/03/2025', day('2025-03-03')],
    ['2024-02-29', day('2024-02-29')],
    ['2025-10-20 9:05', { ...day('2025-10-20'), time: '09:05:00' } as DateReading],
    [
      '2025-10-20T09:05:06+08:00',
      { ...day('2025-10-20'), time: '09:05:06', offset: '+08:00' } as DateReading,
    ],
    ['03/04/2025', { outcome: 'ambiguous', readings: ['2025-03-04', '2025-04-03'] }],
    ['25/10/20', { outcome: 'ambiguous', readings: ['2020-10-25', '2025-10-20'] }],
    ['2025-02-29', { outcome: 'unreadable' }],
    ['2025-13-01', { outcome: 'unreadable' }],
    ['2025-10-20 25:00', { outcome: 'unreadable' }],
    ['31/31/2025', { outcome: 'unreadable' }],
    ['明天', { outcome: 'unreadable' }],
    ['', { outcome: 'unreadable' }],
  ])('%j', ([text, reading]) => {
    expect(readDate(text)).toEqual(reading);
  });

  test('every day is read back from each unambiguous form', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1950-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          const [year = '', month = '', dayOfMonth = ''] = iso.split('-');
          for (const text of [
            iso,
            iso.replaceAll('-', ''),
            `${year}/${Number(month)}/${Number(dayOfMonth)}`,
            `${year}年${Number(month)}月${Number(dayOfMonth)}日`,
          ])
            expect(readDate(text)).toEqual(day(iso));
        },
      ),
    );
  });
});

test.for([
  ['9折', '10'],
  ['9.5折', '5'],
  ['95折', '5'],
  ['九折', '10'],
  ['八五折', '15'],
  ['5%', '5'],
  ['5', '5'],
  ['10折', undefined],
  ['无', undefined],
])('discount %j is %j per cent off', ([text = '', percent]) => {
  expect(typedDiscountOf(text)?.percent).toBe(percent);
});

test.for([
  ['13800138000', 'CN', '+8613800138000'],
  ['138-0013-8000', 'CN', '+8613800138000'],
  ['１３８００１３８０００', 'CN', '+8613800138000'],
  ['0086 138 0013 8000', 'CN', '+8613800138000'],
  ['021-12345678', 'CN', '+862112345678'],
  ['+1 202 555 0123', 'CN', '+12025550123'],
  ['202 555 0123', 'US', '+12025550123'],
  ['13800138000', 'XX', '+8613800138000'],
  ['13800138000/13900139000', 'CN', undefined],
  ['call me', 'CN', undefined],
  ['1', 'CN', undefined],
])('telephone %j dialled in %s is %j', ([text = '', country = '', telephone]) => {
  expect(telephoneOf(text, country)?.number).toBe(telephone);
});

test.for([
  [
    '广东省深圳市南山区科技园1号',
    { region: 'CN-GD', city: '深圳市', district: '南山区', line1: '科技园1号' },
  ],
  [
    '上海市浦东新区张江路100号',
    { region: 'CN-SH', city: '上海市', district: '浦东新区', line1: '张江路100号' },
  ],
  [
    '上海上海市浦东新区张江路100号',
    { region: 'CN-SH', city: '上海市', district: '浦东新区', line1: '张江路100号' },
  ],
  [
    '北京市市辖区朝阳区建国路1号',
    { region: 'CN-BJ', city: '北京市', district: '朝阳区', line1: '建国路1号' },
  ],
  [
    '中国 浙江杭州市西湖区 文三路 1 号',
    { region: 'CN-ZJ', city: '杭州市', district: '西湖区', line1: '文三路 1 号' },
  ],
  [
    '内蒙古锡林郭勒盟锡林浩特市a路',
    { region: 'CN-NM', city: '锡林郭勒盟', district: '锡林浩特市', line1: 'a路' },
  ],
  ['浙江省义乌市稠城街道1号', { region: 'CN-ZJ', city: '义乌市', line1: '稠城街道1号' }],
  ['吉林省吉林市船营区x路1号', { region: 'CN-JL', city: '吉林市', district: '船营区', line1: 'x路1号' }],
  ['江苏省苏州工业园区星湖街1号', undefined],
  ['张江路100号', undefined],
  ['上海市浦东新区', undefined],
  ['1 Example Street, London', undefined],
] as const)('address %s', ([address, parts]) => {
  expect(splitAddress(address)).toEqual(parts);
});

test.for(['上海', '上海市', ' shanghai', 'CN-SH'])('%j is a region', (name) => {
  expect(chineseRegionFor(name)?.code).toBe('CN-SH');
});
