import { chineseRegionFor } from '../address/chinese-regions.ts';
import { stateFor } from '../address/states.ts';
import type { Area } from '../rules/area-rules.ts';
import type { Check } from './context.ts';

type Address = Parameters<Check>[0]['order']['delivery']['address'];

const regionCode = ({ countryCode, region = '' }: Address): string =>
  (countryCode === 'CN' ? chineseRegionFor(region) : stateFor(countryCode, region))?.code ?? region;

const holds = ({ countryCode, region, city }: Area, address: Address): boolean =>
  (countryCode === '*' || countryCode === address.countryCode) &&
  (region === undefined || region === regionCode(address)) &&
  (city === undefined || city === address.city);

const depth = ({ countryCode, region, city }: Area): number =>
  Number(countryCode !== '*') + Number(region !== undefined) + Number(city !== undefined);

/** The address is in an area that we deliver to: the narrowest row that holds it decides; one in no row is not served (S08). */
export const checkArea: Check = ({ order, rules }) => {
  const { address } = order.delivery;
  const [narrowest] = rules.areas.content
    .filter((area) => holds(area, address))
    .toSorted((a, b) => depth(b) - depth(a));
  return narrowest?.served
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'AREA_NOT_SERVED',
          pointer: '#/delivery/address',
          value: [address.countryCode, address.region, address.city].filter(Boolean).join(' '),
        },
      ];
};
