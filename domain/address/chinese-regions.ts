/** A province-level division: its ISO 3166-2 code, the short and full Chinese names, and the English one. */
export type ChineseRegion = {
  code: string;
  short: string;
  full: string;
  english: string;
  isMunicipality: boolean;
};

const region = (code: string, short: string, suffix: string, english: string): ChineseRegion => ({
  code: `CN-${code}`,
  short,
  full: short + suffix,
  english,
  isMunicipality: suffix === '市',
});

export const chineseRegions: readonly ChineseRegion[] = [
  region('BJ', '北京', '市', 'Beijing'),
  region('TJ', '天津', '市', 'Tianjin'),
  region('SH', '上海', '市', 'Shanghai'),
  region('CQ', '重庆', '市', 'Chongqing'),
  region('HE', '河北', '省', 'Hebei'),
  region('SX', '山西', '省', 'Shanxi'),
  region('NM', '内蒙古', '自治区', 'Inner Mongolia'),
  region('LN', '辽宁', '省', 'Liaoning'),
  region('JL', '吉林', '省', 'Jilin'),
  region('HL', '黑龙江', '省', 'Heilongjiang'),
  region('JS', '江苏', '省', 'Jiangsu'),
  region('ZJ', '浙江', '省', 'Zhejiang'),
  region('AH', '安徽', '省', 'Anhui'),
  region('FJ', '福建', '省', 'Fujian'),
  region('JX', '江西', '省', 'Jiangxi'),
  region('SD', '山东', '省', 'Shandong'),
  region('HA', '河南', '省', 'Henan'),
  region('HB', '湖北', '省', 'Hubei'),
  region('HN', '湖南', '省', 'Hunan'),
  region('GD', '广东', '省', 'Guangdong'),
  region('GX', '广西', '壮族自治区', 'Guangxi'),
  region('HI', '海南', '省', 'Hainan'),
  region('SC', '四川', '省', 'Sichuan'),
  region('GZ', '贵州', '省', 'Guizhou'),
  region('YN', '云南', '省', 'Yunnan'),
  region('XZ', '西藏', '自治区', 'Tibet'),
  region('SN', '陕西', '省', 'Shaanxi'),
  region('GS', '甘肃', '省', 'Gansu'),
  region('QH', '青海', '省', 'Qinghai'),
  region('NX', '宁夏', '回族自治区', 'Ningxia'),
  region('XJ', '新疆', '维吾尔自治区', 'Xinjiang'),
  region('TW', '台湾', '省', 'Taiwan'),
  region('HK', '香港', '特别行政区', 'Hong Kong'),
  region('MO', '澳门', '特别行政区', 'Macao'),
];

const byName = new Map(
  chineseRegions.flatMap((entry) =>
    [entry.code, entry.short, entry.full, entry.english].map((name) => [name.toLowerCase(), entry] as const),
  ),
);

/** The region that a name means: 上海, 上海市, Shanghai, CN-SH; undefined when unknown. */
export const chineseRegionFor = (name: string): ChineseRegion | undefined =>
  byName.get(name.normalize('NFKC').trim().toLowerCase());
