import { cityAtStart } from '../../../domain/address/chinese-cities.ts';
import { type ChineseRegion, chineseRegions } from '../../../domain/address/chinese-regions.ts';

export type AddressParts = { region: string; city: string; district?: string; line1: string };

const cityPattern = /^(\p{Script=Han}{2,10}?(?:自治州|地区|盟|市))/u;
const districtPattern = /^(\p{Script=Han}{1,15}?(?:自治县|林区|区|县|市|旗))/u;

/** Words for streets and buildings: what they stand in is no name of a city or a district of one. */
const isStreet = (name: string): boolean =>
  /[路街巷弄号楼]/.test(name.replace(/^(路[南北桥]|道[里外])区/, ''));
/** Places that end like a district and are none. */
const isPlace = (name: string): boolean =>
  /(?:小|园|社|校|厂|库|街|景|工业|商业|开发|住宅|度假|高新|保税)区$|^[城都集花门]市$|[超夜菜股]市$/.test(
    name,
  );

const named = (pattern: RegExp, text: string): string | undefined => {
  const name = pattern.exec(text)?.[1];
  return name === undefined || isStreet(name) || isPlace(name) ? undefined : name;
};

type Start = { region: ChineseRegion; rest: string; isFull: boolean };

/** The province that an address begins with, in full or in short: 广东省, 广东. */
const startOf = (text: string): Start | undefined => {
  const region = chineseRegions.find(({ short }) => text.startsWith(short));
  if (!region) return undefined;
  const isFull = text.startsWith(region.full);
  return {
    region,
    rest: text
      .slice((isFull ? region.full : region.short).length)
      .replace(/^省/, '')
      .trimStart(),
    isFull,
  };
};

/** A short name may as well be a street's, as in 北京路 and 湖南路: only a known city or district behind it is proof. */
const cityOf = ({ region, rest, isFull }: Start): string | undefined =>
  cityAtStart(rest, region.code) ?? (isFull ? named(cityPattern, rest) : undefined);

const municipality = ({ region, rest, isFull }: Start) => {
  const afterCity = (rest.startsWith(region.full) ? rest.slice(region.full.length) : rest)
    .trimStart()
    .replace(/^市辖区/, '');
  const known = cityAtStart(afterCity, region.code);
  if (known === undefined && !isFull && afterCity === rest) return undefined;
  return { city: region.full, district: known ?? named(districtPattern, afterCity), rest: afterCity };
};

const city = (start: Start) => {
  const name = cityOf(start);
  if (name === undefined) return undefined;
  const rest = start.rest
    .slice(name.length)
    .trimStart()
    .replace(/^市辖区/, '');
  return { city: name, district: named(districtPattern, rest), rest };
};

/**
 * Splits a full Chinese address such as 广东省深圳市南山区科技园1号; the region becomes its ISO 3166-2 code.
 * Undefined when it does not begin with a province and a city, or leaves no street.
 */
export const splitAddress = (address: string): AddressParts | undefined => {
  const start = startOf(
    address
      .replace(/^中国\s*/, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
  const parts = start && (start.region.isMunicipality ? municipality(start) : city(start));
  if (!start || !parts) return undefined;
  const line1 = parts.rest.slice(parts.district?.length ?? 0).trim();
  return line1
    ? {
        region: start.region.code,
        city: parts.city,
        ...(parts.district && { district: parts.district }),
        line1,
      }
    : undefined;
};
