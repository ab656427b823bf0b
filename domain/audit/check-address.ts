import { regionsWith } from '../address/chinese-cities.ts';
import { isPostcodeOfRegion } from '../address/chinese-postcodes.ts';
import { type ChineseRegion, chineseRegionFor, chineseRegions } from '../address/chinese-regions.ts';
import { stateFor, statesOf } from '../address/states.ts';
import { nearestName } from '../customers/nearest-name.ts';
import type { Finding } from '../findings/finding.ts';
import type { Check } from './context.ts';

type Address = Parameters<Check>[0]['order']['delivery']['address'];

const at = (field: keyof Address) => `#/delivery/address/${field}`;

const mismatch = (field: keyof Address, value: string, more: Partial<Finding> = {}): Finding => ({
  severity: 'HOLD',
  code: 'ADDRESS_REGION_MISMATCH',
  pointer: at(field),
  value,
  ...more,
});

/** A region is suggested as regions are written in this address: by code, in Chinese or in English. */
const written = ({ code, full, english }: ChineseRegion, like: string): string => {
  if (/^CN-/i.test(like)) return code;
  return /\p{Script=Han}/u.test(like) ? full : english;
};

/** The regions that a city may be in: those that have it, or the one that is a city itself. */
const regionsOfCity = (city: string): ChineseRegion[] => {
  const codes = regionsWith(city);
  return chineseRegions.filter(
    ({ code, short, full, english, isMunicipality }) =>
      codes.includes(code) || (isMunicipality && [short, full, english].includes(city)),
  );
};

const suggest = (candidates: readonly ChineseRegion[], like: string): Partial<Finding> => {
  const [only, ...others] = candidates.map((region) => written(region, like));
  return only !== undefined && others.length === 0 ? { suggestion: only } : {};
};

const checkDistrict = (district: string | undefined, region: ChineseRegion): Finding[] => {
  if (!district || !region.isMunicipality) return [];
  const municipalities = chineseRegions.filter(({ isMunicipality }) => isMunicipality);
  const having = municipalities.filter(({ code }) => regionsWith(district).includes(code));
  return having.length === 0 || having.includes(region)
    ? []
    : [mismatch('district', district, { expected: region.full })];
};

const checkChinese = ({ region = '', city, district, postalCode }: Address): Finding[] => {
  const known = chineseRegionFor(region);
  const having = regionsOfCity(city);
  if (!known) {
    const near = nearestName(
      region,
      chineseRegions.flatMap(({ full, english, code }) => [full, english, code]),
    );
    const meant = chineseRegions.filter(({ full, english, code }) =>
      [full, english, code].includes(near ?? ''),
    );
    return [mismatch('region', region, suggest(having.length > 0 ? having : meant, region))];
  }
  if (having.length > 0 && !having.includes(known))
    return [mismatch('region', `${region} ${city}`, suggest(having, region))];
  const isElsewhere = postalCode !== undefined && !isPostcodeOfRegion(postalCode, known.code);
  return [
    ...checkDistrict(district, known),
    ...(isElsewhere
      ? [mismatch('postalCode', postalCode, { severity: 'WARNING', expected: known.full })]
      : []),
  ];
};

const checkState = ({ countryCode, region = '' }: Address): Finding[] => {
  const states = statesOf(countryCode);
  if (!states || stateFor(countryCode, region)) return [];
  const suggestion = nearestName(
    region,
    states.map(({ name }) => name),
  );
  return [mismatch('region', region, suggestion ? { suggestion } : {})];
};

/**
 * Region, city, district and postcode belong together (S08). In China a city must be in its region, and a postcode that
 * points elsewhere is only told, since borders of postcodes are not those of provinces; elsewhere the state must exist.
 */
export const checkAddress: Check = ({ order }) => {
  const { address } = order.delivery;
  return address.countryCode === 'CN' ? checkChinese(address) : checkState(address);
};
