import { chineseRegions } from './chinese-regions.ts';

export type AddressParts = { region: string; city: string; district?: string; line1: string };

const cityPattern = /^(\p{Script=Han}{2,10}?(?:自治州|地区|盟|市))/u;
const districtPattern = /^(\p{Script=Han}{1,10}?(?:自治县|林区|区|县|市|旗))/u;

/**
 * Splits a full Chinese address such as 广东省深圳市南山区科技园1号; the region becomes its ISO 3166-2 code.
 * Undefined when it does not begin with a province and a city, or leaves no street.
 */
export const splitAddress = (address: string): AddressParts | undefined => {
  const text = address
    .replace(/^中国\s*/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const region = chineseRegions.find(({ short }) => text.startsWith(short));
  if (!region) return undefined;
  const afterRegion = text
    .slice((text.startsWith(region.full) ? region.full : region.short).length)
    .replace(/^省/, '')
    .trimStart();
  const named = afterRegion.startsWith(region.full) ? region.full : '';
  const city = region.isMunicipality ? region.full : cityPattern.exec(afterRegion)?.[1];
  if (!city) return undefined;
  const afterCity = afterRegion
    .slice((region.isMunicipality ? named : city).length)
    .trimStart()
    .replace(/^市辖区/, '');
  const district = districtPattern.exec(afterCity)?.[1];
  const line1 = afterCity.slice(district?.length ?? 0).trim();
  return line1 ? { region: region.code, city, ...(district && { district }), line1 } : undefined;
};
