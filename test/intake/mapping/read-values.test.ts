import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chineseRegionFor } from '../../../domain/address/chinese-regions.ts';
import { isCreditCode } from '../../../domain/customers/credit-code.ts';
import { isMarkOf } from '../../../domain/values/currency-marks.ts';
import { chineseNumberOf } from '../../../functions/intake/mapping/chinese-number.ts';
import { isFormulaText } from '../../../functions/intake/mapping/formula-text.ts';
import { withLostZeros } from '../../../functions/intake/mapping/lost-digits.ts';
import { misreadingOf } from '../../../functions/intake/mapping/misread-text.ts';
import { type DateReading, readDate } from '../../../functions/intake/mapping/read-date.ts';
import { typedDiscountOf } from '../../../functions/intake/mapping/read-discount.ts';
import { decimalOfCell, decimalOfText, meantNumber } from '../../../functions/intake/mapping/read-number.ts';
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
  ['1 234.50', '1234.5'],
  ["1'234'567", '1234567'],
  ['1，234', '1234'],
  ['39.90 CNY', '39.9'],
  ['人民币39.9', '39.9'],
  ['HK$1,000', '1000'],
  ['１ ０００', '1000'],
  ['2 4', undefined],
  ['5²', undefined],
  ['①', undefined],
  ['39\n.90', undefined],
  ['１２3.', '123'],
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
    ['20 October 2025', day('2025-10-20')],
    ['20-Oct-2025', day('2025-10-20')],
    ['Oct 20, 2025', day('2025-10-20')],
    ['Sept. 3rd 2025', day('2025-09-03')],
    ['Octember 20, 2025', { outcome: 'unreadable' }],
    ['25年10月20日', { outcome: 'ambiguous', readings: ['2025-10-20'] }],
    ['3/4/25', { outcome: 'ambiguous', readings: ['2025-03-04', '2025-04-03'] }],
    ['2025-10-2¹', { outcome: 'unreadable' }],
    ['2025-10/20', { outcome: 'unreadable' }],
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
  ['(+86)13800138000', 'CN', '+8613800138000'],
  ['tel:13800138000', 'CN', '+8613800138000'],
  ["'13800138000", 'CN', '+8613800138000'],
  ['\u202a13800138000\u202c', 'CN', '+8613800138000'],
  ['021-55501234 ext 8', 'CN', undefined],
  ['021-55501234转8', 'CN', undefined],
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
  ['北京路100号', undefined],
  ['上海西路商业区1号', undefined],
  ['湖南路步行街市场1号', undefined],
  ['江西会馆超市', undefined],
  ['广东省城市花园1号', undefined],
  ['北京朝阳区建国路1号', { region: 'CN-BJ', city: '北京市', district: '朝阳区', line1: '建国路1号' }],
  ['广东深圳市城市花园1号', { region: 'CN-GD', city: '深圳市', line1: '城市花园1号' }],
  ['湖北省仙桃市沔街1号', { region: 'CN-HB', city: '仙桃市', line1: '沔街1号' }],
  [
    '河北省唐山市路南区新华路1号',
    { region: 'CN-HE', city: '唐山市', district: '路南区', line1: '新华路1号' },
  ],
  [
    '湖北省恩施土家族苗族自治州恩施市a路',
    { region: 'CN-HB', city: '恩施土家族苗族自治州', district: '恩施市', line1: 'a路' },
  ],
  ['上海市张江路100号', { region: 'CN-SH', city: '上海市', line1: '张江路100号' }],
  ['张江路100号', undefined],
  ['上海市浦东新区', undefined],
  ['1 Example Street, London', undefined],
] as const)('address %s', ([address, parts]) => {
  expect(splitAddress(address)).toEqual(parts);
});

test.for(['上海', '上海市', ' shanghai', 'CN-SH'])('%j is a region', (name) => {
  expect(chineseRegionFor(name)?.code).toBe('CN-SH');
});

test.for([
  ['1380013800', false],
  ['138001380001', false],
  ['12345678', false],
  ['13800138000', true],
  ['021-55501234', true],
  ['400-820-8820', true],
] as const)('telephone %s can be given out: %s', ([text, isAssignable]) => {
  expect(telephoneOf(text, 'CN')?.isAssignable).toBe(isAssignable);
});

test.for([
  ['二十四', '24'],
  ['十', '10'],
  ['十五', '15'],
  ['一百零五', '105'],
  ['两千', '2000'],
  ['壹佰贰拾', '120'],
  ['三万二千', '32000'],
  ['1.5万', '15000'],
  ['一二', undefined],
  ['24', undefined],
  ['万', undefined],
  ['', undefined],
  ['很多', undefined],
])('%j in Chinese is %j', ([text = '', number]) => {
  expect(chineseNumberOf(text)).toBe(number);
});

test.for([
  ['24个', '24'],
  ['24 pcs', '24'],
  ['2.5kg', '2.5'],
  ['二十四个', '24'],
  ['1.234,50', '1234.5'],
  ['39,90', '39.9'],
  ['约24', undefined],
  ['24斤', undefined],
])('%j was probably meant to be %j', ([text = '', number]) => {
  expect(meantNumber(text)).toBe(number);
});

test.for([
  ['¥', 'CNY', true],
  ['￥', 'CNY', true],
  ['¥', 'JPY', true],
  ['$', 'CNY', false],
  ['$', 'USD', true],
  ['HK$', 'USD', false],
  ['rmb', 'CNY', true],
  ['美元', 'CNY', false],
  ['元', 'CNY', true],
  ['EUR', 'EUR', true],
  ['?', 'CNY', false],
] as const)('%s is a mark of %s: %s', ([mark, currency, isOf]) => {
  expect(isMarkOf(mark, currency)).toBe(isOf);
});

test.for([
  ['=1+1', true],
  ['@SUM(1)', true],
  ['+A1', true],
  ['-1+1', true],
  ["-2+3+cmd|' /C calc'!A0", true],
  ['+(1)', true],
  ['-5', false],
  ['+86 138 0013 8000', false],
  ['-易碎', false],
  ['-20℃保存', false],
  ['+1 个备用', false],
  ['- item (fragile)', false],
  ['a=b', false],
] as const)('%j looks like a formula: %s', ([text, isFormula]) => {
  expect(isFormulaText(text)).toBe(isFormula);
});

test.for([
  ['12345678905', 'gtin', 'CN', '012345678905'],
  ['1234565', 'gtin', 'CN', '01234565'],
  ['4006381333931', 'gtin', 'CN', undefined],
  ['10010', 'postalCode', 'CN', '010010'],
  ['1001', 'postalCode', 'CN', undefined],
  ['2134', 'postalCode', 'US', '02134'],
  ['100', 'postalCode', 'IT', '00100'],
  ['200120', 'postalCode', 'CN', undefined],
  ['42', 'customerId', 'CN', undefined],
] as const)('%s as %s in %s had zeros: %s', ([digits, name, countryCode, lost]) => {
  expect(withLostZeros(digits, name, { countryCode })).toBe(lost);
});

test.for([
  ['91350100M000100Y43', true],
  ['91350100M000100Y42', false],
  ['91350100I000100Y43', false],
  ['91350100M000100Y4', false],
] as const)('%s is a unified social credit code: %s', ([code, isCode]) => {
  expect(isCreditCode(code)).toBe(isCode);
});

test.for([
  ['å¼\u00a0ç¤ºä¾‹', '张示例'],
  ['ZoÃ«', 'Zoë'],
] as const)('%j was %s before it was read wrongly', ([text, meant]) => {
  expect(misreadingOf(text)).toEqual({ meant });
});

test.for(['Zoë', '示例', '© 2025', 'M8 × 40', '20 °C', 'Ça va'])('%j was not read wrongly', (text) => {
  expect(misreadingOf(text)).toBeUndefined();
});
