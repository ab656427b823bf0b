/** The second-level divisions of countries whose addresses need one, ISO 3166-2: code without its country, and name. */
const names: Readonly<Record<string, string>> = {
  US:
    'AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,' +
    'DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,' +
    'KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,' +
    'MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,' +
    'NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,' +
    'SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,' +
    'WV West Virginia,WI Wisconsin,WY Wyoming,AS American Samoa,GU Guam,MP Northern Mariana Islands,' +
    'PR Puerto Rico,VI U.S. Virgin Islands,AA Armed Forces Americas,AE Armed Forces Europe,AP Armed Forces Pacific',
  CA:
    'AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,' +
    'NT Northwest Territories,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon',
  AU:
    'ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,SA South Australia,' +
    'TAS Tasmania,VIC Victoria,WA Western Australia',
};

export type State = { code: string; name: string };

const states = new Map(
  Object.entries(names).map(([country, list]) => [
    country,
    list.split(',').map((entry): State => {
      const [code = ''] = entry.split(' ', 1);
      return { code: `${country}-${code}`, name: entry.slice(code.length + 1) };
    }),
  ]),
);

/** The states of a country, when its addresses are checked for theirs. */
export const statesOf = (countryCode: string): readonly State[] | undefined => states.get(countryCode);

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[\p{M}.\s-]/gu, '')
    .toLowerCase();

/** The state that a text means: US-NY, NY or New York. */
export const stateFor = (countryCode: string, written: string): State | undefined =>
  states
    .get(countryCode)
    ?.find(({ code, name }) =>
      [code, code.slice(countryCode.length + 1), name].some((known) => fold(known) === fold(written)),
    );
