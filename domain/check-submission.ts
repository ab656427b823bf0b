import Big from 'big.js';
import { dayIn, plusDays } from './calendar.ts';
import { countriesWithRegion, isPostalCode } from './countries.ts';
import type { Problem } from './finding.ts';
import { fitsCurrency, lineAmount, toDecimal } from './money.ts';
import { maxDistinctItems } from './order-schema.ts';
import type { Partner } from './partner.ts';
import type { Draft } from './read-submission.ts';
import { allowsDecimals } from './units.ts';

/** What a submission is checked against beside itself. */
export type SubmissionContext = { partner: Partner; now: Date; timeZone: string };

type Check = (draft: Draft, context: SubmissionContext) => Problem[];
type DraftLine = NonNullable<Draft['lines']>[number];

const missing = (pointer: string): Problem => ({ code: 'REQUIRED_MISSING', pointer });

const checkContact: Check = ({ buyer }, { partner }) => {
  const contact = buyer?.contact;
  if (!contact) return [];
  if (!contact.telephone && !contact.email) return [{ code: 'CONTACT_MISSING', pointer: '#/buyer/contact' }];
  return contact.email || partner.notifyEmail ? [] : [missing('#/buyer/contact/email')];
};

const checkAddress: Check = ({ delivery }) => {
  const address = delivery?.address;
  if (!address?.countryCode) return [];
  const problems: Problem[] = [];
  if (!address.region && countriesWithRegion.includes(address.countryCode))
    problems.push(missing('#/delivery/address/region'));
  if (address.postalCode && !isPostalCode(address.countryCode, address.postalCode))
    problems.push({
      code: 'POSTCODE_FORMAT',
      pointer: '#/delivery/address/postalCode',
      value: address.postalCode,
    });
  return problems;
};

const checkRequestedDate: Check = ({ delivery }, { now, timeZone }) => {
  if (!delivery) return [];
  const { requestedDate, requestedPeriod } = delivery;
  if (requestedDate && requestedPeriod)
    return [
      {
        code: 'ORDER_FIELD_CONFLICT',
        pointer: '#/delivery/requestedPeriod',
        expected: 'requestedDate or requestedPeriod',
      },
    ];
  if (!requestedDate && !requestedPeriod) return [missing('#/delivery/requestedDate')];
  const today = dayIn(timeZone, now);
  const inRange = (day: string | undefined, pointer: string): Problem[] => {
    if (!day) return [];
    if (day < today) return [{ code: 'DATE_PAST', pointer, value: day, expected: `>= ${today}` }];
    const latest = plusDays(today, 365);
    return day > latest ? [{ code: 'DATE_TOO_FAR', pointer, value: day, expected: `<= ${latest}` }] : [];
  };
  if (requestedDate) return inRange(requestedDate, '#/delivery/requestedDate');
  const { start, end } = requestedPeriod ?? {};
  if (start && end && end < start)
    return [
      {
        code: 'FORMAT_INVALID',
        pointer: '#/delivery/requestedPeriod/end',
        value: end,
        expected: `>= ${start}`,
      },
    ];
  return [
    ...inRange(start, '#/delivery/requestedPeriod/start'),
    ...inRange(end, '#/delivery/requestedPeriod/end'),
  ];
};

const checkIssueDate: Check = ({ issueDate }, { now }) =>
  issueDate && Date.parse(issueDate) > now.getTime() + 5 * 60_000
    ? [
        {
          code: 'DATE_TOO_FAR',
          pointer: '#/issueDate',
          value: issueDate,
          expected: `<= ${now.toISOString()}`,
        },
      ]
    : [];

const checkCurrency: Check = ({ currency }, { partner }) =>
  currency && !partner.currencies.includes(currency)
    ? [
        {
          code: 'CURRENCY_NOT_ALLOWED',
          pointer: '#/currency',
          value: currency,
          expected: partner.currencies.join(', '),
        },
      ]
    : [];

const checkLineIds: Check = ({ lines }) => {
  const seen = new Set<string>();
  return (lines ?? []).flatMap(({ lineId }, index): Problem[] => {
    if (!lineId || !seen.has(lineId)) {
      if (lineId) seen.add(lineId);
      return [];
    }
    return [{ code: 'DUPLICATE_LINE_ID', pointer: `#/lines/${index}/lineId`, value: lineId }];
  });
};

const checkDistinctItems: Check = ({ lines }) => {
  const items = new Set((lines ?? []).map((line) => line.sku ?? line.buyerItemId ?? line.gtin));
  return items.size > maxDistinctItems
    ? [
        {
          code: 'TOO_MANY',
          pointer: '#/lines',
          value: String(items.size),
          expected: `<= ${maxDistinctItems}`,
        },
      ]
    : [];
};

const checkDiscount = ({ unitPrice, quantity, discount }: DraftLine, at: string): Problem[] => {
  if (!discount?.type || !discount.value) return [];
  const pointer = `${at}/discount/value`;
  const value = new Big(discount.value);
  if (discount.type === 'PERCENT')
    return value.gt(100)
      ? [{ code: 'DISCOUNT_NOT_ALLOWED', pointer, value: discount.value, expected: '0–100' }]
      : [];
  if (!unitPrice || quantity === undefined) return [];
  const gross = new Big(unitPrice).times(quantity);
  return value.gt(gross)
    ? [{ code: 'DISCOUNT_NOT_ALLOWED', pointer, value: discount.value, expected: `<= ${gross.toFixed()}` }]
    : [];
};

const checkLineAmount = (
  line: DraftLine,
  at: string,
  currency: Draft['currency'],
  toleranceMinor: number,
): Problem[] => {
  const { unitPrice, quantity, discount } = line;
  if (!line.lineAmount || !currency || !unitPrice || quantity === undefined) return [];
  if (line.discount && !(discount?.type && discount.value)) return [];
  const complete =
    discount?.type && discount.value ? { type: discount.type, value: discount.value } : undefined;
  const computed = toDecimal(lineAmount({ unitPrice, quantity, discount: complete }, currency), currency);
  const difference = new Big(line.lineAmount).minus(computed).abs();
  const tolerance = new Big(toDecimal(toleranceMinor, currency));
  return difference.gt(tolerance)
    ? [
        {
          code: 'LINE_AMOUNT_MISMATCH',
          pointer: `${at}/lineAmount`,
          value: line.lineAmount,
          expected: computed,
          suggestion: computed,
        },
      ]
    : [];
};

const checkLine = (line: DraftLine, at: string, draft: Draft, { partner }: SubmissionContext): Problem[] => {
  const problems: Problem[] = [];
  if (!line.sku && !line.buyerItemId && !line.gtin)
    problems.push({ code: 'ITEM_IDENTIFIER_MISSING', pointer: at });
  if (
    line.quantity !== undefined &&
    !Number.isInteger(line.quantity) &&
    !allowsDecimals(line.unitCode ?? 'C62')
  )
    problems.push({ code: 'QUANTITY_NOT_WHOLE', pointer: `${at}/quantity`, value: String(line.quantity) });
  if (draft.orderType === 'CUSTOM' && line.customization === undefined)
    problems.push({ code: 'CUSTOMIZATION_MISSING', pointer: `${at}/customization` });
  const discounts = checkDiscount(line, at);
  return [
    ...problems,
    ...discounts,
    ...(discounts.length > 0 ? [] : checkLineAmount(line, at, draft.currency, partner.toleranceMinor)),
  ];
};

const checkLines: Check = (draft, context) =>
  (draft.lines ?? []).flatMap((line, index) => checkLine(line, `#/lines/${index}`, draft, context));

const checkAllowances: Check = ({ allowanceCharges, currency }) =>
  (allowanceCharges ?? []).flatMap(({ amount }, index): Problem[] =>
    amount && currency && !fitsCurrency(amount, currency)
      ? [{ code: 'FORMAT_INVALID', pointer: `#/allowanceCharges/${index}/amount`, value: amount }]
      : [],
  );

const checkInvoiceRequest: Check = ({ invoiceRequest }) => {
  if (!invoiceRequest) return [];
  const required = [
    ...(invoiceRequest.titleType === 'ORGANIZATION' ? (['taxpayerId'] as const) : []),
    ...(invoiceRequest.kind === 'SPECIAL'
      ? (['taxpayerId', 'address', 'telephone', 'bankName', 'bankAccount'] as const)
      : []),
  ];
  return [...new Set(required)]
    .filter((field) => !invoiceRequest[field])
    .map((field) => missing(`#/invoiceRequest/${field}`));
};

const checks: readonly Check[] = [
  checkContact,
  checkAddress,
  checkRequestedDate,
  checkIssueDate,
  checkCurrency,
  checkLineIds,
  checkDistinctItems,
  checkLines,
  checkAllowances,
  checkInvoiceRequest,
];

/** The checks that need two fields, the partner or the clock, over whatever fields are well-formed. */
export const checkSubmission = (draft: Draft, context: SubmissionContext): Problem[] =>
  checks.flatMap((check) => check(draft, context));
