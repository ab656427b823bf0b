import type { OrderContent } from '../../../domain/orders/order.ts';
import type { Language } from '../../../domain/values/languages.ts';

type Address = OrderContent['delivery']['address'];

/** ISO 3166-2 codes of China's provinces; Intl has no names for subdivisions. */
const provinces: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'CN-AH': ['安徽省', 'Anhui'],
  'CN-BJ': ['北京市', 'Beijing'],
  'CN-CQ': ['重庆市', 'Chongqing'],
  'CN-FJ': ['福建省', 'Fujian'],
  'CN-GD': ['广东省', 'Guangdong'],
  'CN-GS': ['甘肃省', 'Gansu'],
  'CN-GX': ['广西壮族自治区', 'Guangxi'],
  'CN-GZ': ['贵州省', 'Guizhou'],
  'CN-HA': ['河南省', 'Henan'],
  'CN-HB': ['湖北省', 'Hubei'],
  'CN-HE': ['河北省', 'Hebei'],
  'CN-HI': ['海南省', 'Hainan'],
  'CN-HK': ['香港特别行政区', 'Hong Kong'],
  'CN-HL': ['黑龙江省', 'Heilongjiang'],
  'CN-HN': ['湖南省', 'Hunan'],
  'CN-JL': ['吉林省', 'Jilin'],
  'CN-JS': ['江苏省', 'Jiangsu'],
  'CN-JX': ['江西省', 'Jiangxi'],
  'CN-LN': ['辽宁省', 'Liaoning'],
  'CN-MO': ['澳门特别行政区', 'Macao'],
  'CN-NM': ['内蒙古自治区', 'Inner Mongolia'],
  'CN-NX': ['宁夏回族自治区', 'Ningxia'],
  'CN-QH': ['青海省', 'Qinghai'],
  'CN-SC': ['四川省', 'Sichuan'],
  'CN-SD': ['山东省', 'Shandong'],
  'CN-SH': ['上海市', 'Shanghai'],
  'CN-SN': ['陕西省', 'Shaanxi'],
  'CN-SX': ['山西省', 'Shanxi'],
  'CN-TJ': ['天津市', 'Tianjin'],
  'CN-TW': ['台湾省', 'Taiwan'],
  'CN-XJ': ['新疆维吾尔自治区', 'Xinjiang'],
  'CN-XZ': ['西藏自治区', 'Tibet'],
  'CN-YN': ['云南省', 'Yunnan'],
  'CN-ZJ': ['浙江省', 'Zhejiang'],
};

/** A province by its name; of other countries' codes the part that is written on parcels: US-CA is CA. */
const regionName = (region: string, language: Language): string => {
  const province = provinces[region];
  if (province) return province[language === 'en' ? 1 : 0];
  return region.replace(/^[A-Z]{2}-(?=[A-Z0-9]{1,3}$)/, '');
};

const countryName = (code: string, language: Language): string => {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
  return names.of(code) ?? code;
};

const isHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** The address in one line: from the country down to the door where it is written in Chinese, else from the door up. */
export const showAddress = (address: Address, language: Language): string => {
  const { line1, line2, district, city, postalCode, countryCode } = address;
  const isChinese = isHan(line1);
  const region = address.region && regionName(address.region, isChinese ? 'zh-CN' : 'en');
  const country = countryName(countryCode, language);
  const present = (parts: (string | undefined)[]) =>
    parts.filter((part, index) => part && parts.indexOf(part) === index);
  if (!isChinese) {
    const place = present([region === city ? undefined : region, postalCode]).join(' ');
    return present([line1, line2, district, city, place, country]).join(', ');
  }
  const isDomestic = countryCode === 'CN' && language === 'zh-CN';
  const place = present([isDomestic ? undefined : country, region, city, district, line1, line2]).join(' ');
  if (!postalCode) return place;
  return language === 'en' ? `${place} (postcode ${postalCode})` : `${place}（邮编 ${postalCode}）`;
};
