import Big from 'big.js';
import type { Problem } from '../findings/finding.ts';
import { dayIn, plusDays } from '../values/calendar.ts';
import { countriesWithRegion, isPostalCode } from '../values/countries.ts';
import { fitsCurrency, maxAmountMinor, toDecimal } from '../values/money.ts';
import { checkDistinctItems, checkLineIds, checkLines } from './check-lines.ts';
import type { Draft } from './read-submission.ts';
import { missingCodeOf } from './required-fields.ts';
import type { SubmissionCheck, SubmissionContext } from './submission-check.ts';

const missing = (pointer: string): Problem => ({ code: missingCodeOf(pointer), pointer });

const checkContact: SubmissionCheck = ({ buyer }, { partner, isIllFormed }) => {
  const contact = buyer?.contact;
  if (!contact) return [];
  const isGiven = (field: 'telephone' | 'email') =>
    contact[field] !== undefined || isIllFormed(`#/buyer/contact/${field}`);
  if (!isGiven('telephone') && !isGiven('email'))
    return [{ code: 'CONTACT_MISSING', pointer: '#/buyer/contact' }];
  return isGiven('email') || partner.notifyEmail ? [] : [missing('#/buyer/contact/email')];
};

const checkAddress: SubmissionCheck = ({ delivery }) => {
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

const checkRequestedDate: SubmissionCheck = ({ delivery }, { now, timeZone, isIllFormed }) => {
  if (!delivery || isIllFormed('#/delivery/requestedPeriod')) return [];
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

const checkIssueDate: SubmissionCheck = ({ issueDate }, { now }) =>
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

const checkCurrency: SubmissionCheck = ({ currency }, { partner }) =>
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

const checkAllowances: SubmissionCheck = ({ allowanceCharges, currency }) =>
  (allowanceCharges ?? []).flatMap(({ amount }, index): Problem[] => {
    if (!amount || !currency) return [];
    const problem = {
      code: 'FORMAT_INVALID',
      pointer: `#/allowanceCharges/${index}/amount`,
      value: amount,
    } as const;
    if (!fitsCurrency(amount, currency)) return [problem];
    const most = toDecimal(maxAmountMinor, currency);
    return new Big(amount).gt(most) ? [{ ...problem, expected: `<= ${most}` }] : [];
  });

const checkInvoiceRequest: SubmissionCheck = ({ invoiceRequest }) => {
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

const checks: readonly SubmissionCheck[] = [
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

/**
 * The checks that need two fields, the partner or the clock, over whatever fields are well-formed. `problems` is what
 * reading the submission found: a value refused there is not missed here as well.
 */
export const checkSubmission = (
  draft: Draft,
  context: SubmissionContext,
  problems: readonly Problem[] = [],
): Problem[] => {
  const illFormed = new Set(problems.map(({ pointer }) => pointer));
  const isIllFormed = (pointer: string) => illFormed.has(pointer);
  return checks
    .flatMap((check) => check(draft, { ...context, isIllFormed }))
    .filter(({ code, pointer }) => code !== missingCodeOf(pointer) || !isIllFormed(pointer));
};
