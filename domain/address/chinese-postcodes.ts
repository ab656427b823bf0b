/** The first two digits of the postcodes of each province-level division; some lie across a border. */
const prefixes: Readonly<Record<string, string>> = {
  'CN-BJ': '10',
  'CN-TJ': '30',
  'CN-SH': '20',
  'CN-CQ': '40',
  'CN-HE': '05 06 07',
  'CN-SX': '03 04',
  'CN-NM': '01 02 13 16 75',
  'CN-LN': '11 12',
  'CN-JL': '13',
  'CN-HL': '15 16',
  'CN-JS': '21 22',
  'CN-ZJ': '31 32',
  'CN-AH': '23 24',
  'CN-FJ': '35 36',
  'CN-JX': '33 34',
  'CN-SD': '25 26 27',
  'CN-HA': '45 46 47',
  'CN-HB': '43 44',
  'CN-HN': '41 42',
  'CN-GD': '51 52',
  'CN-GX': '53 54',
  'CN-HI': '57',
  'CN-SC': '61 62 63 64',
  'CN-GZ': '55 56',
  'CN-YN': '65 66 67',
  'CN-XZ': '85 86',
  'CN-SN': '71 72',
  'CN-GS': '73 74',
  'CN-QH': '81',
  'CN-NX': '75',
  'CN-XJ': '83 84',
};

/** True when the postcode may be one of that region, or nothing is known about it. */
export const isPostcodeOfRegion = (postcode: string, regionCode: string): boolean =>
  prefixes[regionCode]?.split(' ').includes(postcode.slice(0, 2)) ?? true;
