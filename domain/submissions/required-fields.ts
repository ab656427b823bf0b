import type { FindingCode } from '../findings/finding.ts';

/** The fields that every order must have, each with the code that says it is missing; the nearest pattern decides. */
const codes: readonly [field: RegExp, code: FindingCode][] = [
  [/^#\/buyer(?:\/name)?$/, 'CUSTOMER_NAME_MISSING'],
  [/^#\/buyer\/contact(?:\/.+)?$/, 'CONTACT_MISSING'],
  [/^#\/delivery(?:\/address(?:\/.+)?)?$/, 'ADDRESS_INCOMPLETE'],
  [/^#\/delivery\/requestedDate$/, 'DELIVERY_DATE_MISSING'],
  [/^#\/payment(?:\/method)?$/, 'PAYMENT_METHOD_MISSING'],
  [/^#\/lines\/\d+\/name$/, 'ITEM_NAME_MISSING'],
  [/^#\/lines\/\d+\/specification$/, 'SPEC_MISSING'],
  [/^#\/lines\/\d+\/quantity$/, 'QUANTITY_MISSING'],
  [/^#\/lines\/\d+\/unitPrice$/, 'UNIT_PRICE_MISSING'],
];

/** The code of a field of a submission that is not there: its own for the nine of the order form, else REQUIRED_MISSING. */
export const missingCodeOf = (pointer: string): FindingCode =>
  codes.find(([field]) => field.test(pointer))?.[1] ?? 'REQUIRED_MISSING';
