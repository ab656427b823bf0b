import { describe, expect, test } from 'vitest';
import { readSubmission } from '../../../domain/submissions/read-submission.ts';
import { pointerTo } from '../../../domain/submissions/schema-problems.ts';
import { aSubmission, aSubmittedLine } from '../../builders/a-submission.ts';

type Path = readonly (string | number)[];

/** The value with another one put at a path, or with nothing there where `replacement` is undefined. */
const withAt = (value: unknown, path: Path, replacement: unknown): unknown => {
  const [part, ...rest] = path;
  if (part === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (index === part ? withAt(item, rest, replacement) : item));
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const inner = entries.find(([name]) => name === part)?.[1];
  const changed = withAt(inner, rest, replacement);
  const others = entries.filter(([name]) => name !== part);
  return Object.fromEntries(changed === undefined ? others : [...others, [part, changed]]);
};

const problemsAt = (path: Path, replacement: unknown) =>
  readSubmission(withAt(aSubmission(), path, replacement)).problems.map(({ code, pointer }) => [
    code,
    pointer,
  ]);

test('the order of the contract is well-formed', () => {
  const { problems, submission } = readSubmission(aSubmission());
  expect(problems).toEqual([]);
  expect(submission).toMatchObject({ orderType: 'WHOLESALE', shortagePolicy: 'ASK', test: false });
});

test('what has a default may be left out', () => {
  const { orderType, substitutionPolicy, ...rest } = aSubmission();
  const [{ unitCode, ...line } = aSubmittedLine()] = rest.lines;
  const { submission } = readSubmission({ ...rest, lines: [line] });
  expect(submission).toMatchObject({
    orderType: 'STANDARD',
    substitutionPolicy: 'ASK',
    delivery: { partialDeliveryAllowed: true },
    lines: [{ unitCode: 'C62' }],
  });
});

const requiredFields: [path: Path, code: string][] = [
  [['customerOrderReference'], 'REQUIRED_MISSING'],
  [['currency'], 'REQUIRED_MISSING'],
  [['buyer'], 'CUSTOMER_NAME_MISSING'],
  [['buyer', 'name'], 'CUSTOMER_NAME_MISSING'],
  [['buyer', 'contact'], 'CONTACT_MISSING'],
  [['delivery'], 'ADDRESS_INCOMPLETE'],
  [['delivery', 'address'], 'ADDRESS_INCOMPLETE'],
  [['delivery', 'address', 'line1'], 'ADDRESS_INCOMPLETE'],
  [['delivery', 'address', 'city'], 'ADDRESS_INCOMPLETE'],
  [['delivery', 'address', 'countryCode'], 'ADDRESS_INCOMPLETE'],
  [['payment'], 'PAYMENT_METHOD_MISSING'],
  [['payment', 'method'], 'PAYMENT_METHOD_MISSING'],
  [['lines'], 'REQUIRED_MISSING'],
  [['lines', 0, 'lineId'], 'REQUIRED_MISSING'],
  [['lines', 0, 'name'], 'ITEM_NAME_MISSING'],
  [['lines', 0, 'quantity'], 'QUANTITY_MISSING'],
  [['lines', 0, 'unitPrice'], 'UNIT_PRICE_MISSING'],
  [['lines', 0, 'discount', 'type'], 'REQUIRED_MISSING'],
  [['lines', 0, 'discount', 'value'], 'REQUIRED_MISSING'],
  [['invoiceRequest', 'titleType'], 'REQUIRED_MISSING'],
  [['invoiceRequest', 'title'], 'REQUIRED_MISSING'],
];

test.for(requiredFields.map(([path, code]) => [pointerTo(path), code] as const))(
  'a missing %s is pointed at as %s',
  ([pointer, code]) => {
    const [path] = requiredFields.find(([candidate]) => pointerTo(candidate) === pointer) ?? [[]];
    expect(problemsAt(path, undefined)).toEqual([[code, pointer]]);
    expect(problemsAt(path, null)).toEqual([[code, pointer]]);
  },
);

test('null is no way to leave out an optional field, and is not called a missing one', () => {
  expect(problemsAt(['delivery', 'address', 'line2'], null)).toEqual([
    ['TYPE_INVALID', '#/delivery/address/line2'],
  ]);
  expect(problemsAt(['orderType'], null)).toEqual([['TYPE_INVALID', '#/orderType']]);
});

const long = (length: number) => 'x'.repeat(length);
const manyLines = (count: number) =>
  Array.from({ length: count }, (_, index) => aSubmittedLine({ lineId: String(index + 1) }));

test.for([
  ['customerOrderReference', 'PO 1', 'FORMAT_INVALID'],
  ['customerOrderReference', long(65), 'FORMAT_INVALID'],
  ['customerOrderReference', 7, 'TYPE_INVALID'],
  ['issueDate', '2026-03-02', 'FORMAT_INVALID'],
  ['issueDate', '2026-03-02T08:00:00', 'FORMAT_INVALID'],
  ['orderType', 'RETAIL', 'ENUM_UNKNOWN'],
  ['sourceChannel', 'FAX', 'ENUM_UNKNOWN'],
  ['currency', 'cny', 'ENUM_UNKNOWN'],
  ['currency', 'XXX', 'ENUM_UNKNOWN'],
  ['pricesIncludeTax', 'yes', 'TYPE_INVALID'],
  ['language', '中文', 'FORMAT_INVALID'],
  ['buyer/name', long(201), 'TOO_LONG'],
  ['buyer/name', '  ', 'CUSTOMER_NAME_MISSING'],
  ['buyer/name', 'a\u0000b', 'FORMAT_INVALID'],
  ['buyer/name', 'two\nlines', 'FORMAT_INVALID'],
  ['buyer/contact/telephone', '13800138000', 'PHONE_INVALID'],
  ['buyer/contact/email', 'wang@', 'EMAIL_INVALID'],
  ['buyer/contact/email', 'wang@example.com\r\nBcc: x@example.com', 'EMAIL_INVALID'],
  ['delivery/address/countryCode', 'China', 'ENUM_UNKNOWN'],
  ['delivery/address/postalCode', long(17), 'TOO_LONG'],
  ['delivery/requestedDate', '20.03.2026', 'FORMAT_INVALID'],
  ['delivery/requestedDate', '2026-02-30', 'FORMAT_INVALID'],
  ['delivery/partialDeliveryAllowed', 'no', 'TYPE_INVALID'],
  ['payment/method', 'CHEQUE', 'ENUM_UNKNOWN'],
  ['payment/paidAmount', '-1', 'FORMAT_INVALID'],
  ['substitutionPolicy', 'MAYBE', 'ENUM_UNKNOWN'],
  ['shortagePolicy', 'HOPE', 'ENUM_UNKNOWN'],
  ['lines', [], 'REQUIRED_MISSING'],
  ['lines', 'none', 'TYPE_INVALID'],
  ['lines', manyLines(501), 'TOO_MANY'],
  ['lines/0', 'a cup', 'TYPE_INVALID'],
  ['lines/0/lineId', long(65), 'TOO_LONG'],
  ['lines/0/lineId', '__proto__', 'FORMAT_INVALID'],
  ['lines/0/gtin', '4006381333932', 'GTIN_CHECK_DIGIT'],
  ['lines/0/name', long(201), 'TOO_LONG'],
  ['lines/0/specification', long(201), 'TOO_LONG'],
  ['lines/0/quantity', 0, 'QUANTITY_NOT_POSITIVE'],
  ['lines/0/quantity', -2, 'QUANTITY_NOT_POSITIVE'],
  ['lines/0/quantity', 1_000_001, 'QUANTITY_TOO_LARGE'],
  ['lines/0/quantity', '24', 'TYPE_INVALID'],
  ['lines/0/quantity', 1.0005, 'FORMAT_INVALID'],
  ['lines/0/unitCode', 'PCS', 'ENUM_UNKNOWN'],
  ['lines/0/unitPrice', 39.9, 'TYPE_INVALID'],
  ['lines/0/unitPrice', '39.90001', 'FORMAT_INVALID'],
  ['lines/0/unitPrice', '-1', 'FORMAT_INVALID'],
  ['lines/0/unitPrice', '1e3', 'FORMAT_INVALID'],
  ['lines/0/discount/type', 'GIFT', 'ENUM_UNKNOWN'],
  ['lines/0/discount/value', '5%', 'FORMAT_INVALID'],
  ['lines/0/taxRate', '13', 'FORMAT_INVALID'],
  ['lines/0/taxRate', '1.1', 'FORMAT_INVALID'],
  ['lines/0/note', long(501), 'TOO_LONG'],
  ['lines/0/customization', { size: 1e300 }, 'FORMAT_INVALID'],
  ['lines/0/customization', 5, 'FORMAT_INVALID'],
  ['allowanceCharges', [{ isCharge: true, amount: 5 }], 'TYPE_INVALID', '/0/amount'],
  ['promotionCodes', Array.from({ length: 11 }, (_, index) => `P${index}`), 'TOO_MANY'],
  ['totals/payableAmount', '909,72', 'FORMAT_INVALID'],
  ['invoiceRequest/taxpayerId', '91310115ma1k3xxxxx', 'FORMAT_INVALID'],
  ['invoiceRequest/kind', 'EXTRA', 'ENUM_UNKNOWN'],
  ['qualifications', [{ type: 'FOOD', number: '1', validUntil: 'soon' }], 'FORMAT_INVALID', '/0/validUntil'],
  ['attachments', Array.from({ length: 11 }, () => ({ uploadId: 'u', name: 'n' })), 'TOO_MANY'],
  ['attachments', [{ uploadId: 'u', name: 'n', sha256: 'abc' }], 'FORMAT_INVALID', '/0/sha256'],
  ['notes', long(2001), 'TOO_LONG'],
  ['metadata', Object.fromEntries(manyLines(21).map(({ lineId }) => [lineId, ''])), 'TOO_MANY'],
  ['metadata', { note: 1 }, 'TYPE_INVALID', '/note'],
  ['test', 'true', 'TYPE_INVALID'],
] as const)('%s set to %j is told as %s', ([field, value, code, below = '']) => {
  const path = field.split('/').map((part) => (part === '0' ? 0 : part));
  expect(problemsAt(path, value)).toEqual([[code, `#/${field}${below}`]]);
});

test.for([
  [[], 'customerOrderRefrence', 'customerOrderReference'],
  [['buyer'], 'nam', 'name'],
  [['buyer', 'contact'], 'phone', undefined],
  [['delivery'], 'requestDate', 'requestedDate'],
  [['delivery', 'address'], 'postcode', 'postalCode'],
  [['payment'], 'methods', 'method'],
  [['lines', 0], 'unit_price', 'unitPrice'],
  [['lines', 0, 'discount'], 'values', 'value'],
  [['invoiceRequest'], 'taxPayerID', 'taxpayerId'],
  [['totals'], 'payableAmout', 'payableAmount'],
  [[], 'partnerId', undefined],
  [[], 'status', undefined],
] as const)('under %j an unknown %s is taken for %s', ([path, name, suggestion]) => {
  const [problem, ...more] = readSubmission(withAt(aSubmission(), [...path, name], 'x')).problems;
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code: 'UNKNOWN_FIELD', pointer: pointerTo([...path, name]), value: name });
  if (suggestion) expect(problem?.suggestion).toBe(suggestion);
});

test('a value near a known one is suggested', () => {
  expect(readSubmission(aSubmission({ ...JSON.parse('{"currency":"CNYY"}') })).problems).toMatchObject([
    { code: 'ENUM_UNKNOWN', pointer: '#/currency', value: 'CNYY', suggestion: 'CNY' },
  ]);
});

describe('a body that means harm', () => {
  test('cannot smuggle a prototype in as a field', () => {
    const body: unknown = JSON.parse(
      JSON.stringify(aSubmission()).replace('{', '{"__proto__":{"test":true},'),
    );
    expect(readSubmission(body).problems).toMatchObject([{ code: 'UNKNOWN_FIELD', pointer: '#/__proto__' }]);
    expect(Reflect.get({}, 'test')).toBeUndefined();
  });

  test.for(['__proto__', 'constructor'])('cannot hide %s in a free-form field', (name) => {
    const hidden: unknown = JSON.parse(`{"${name}":"x"}`);
    expect(problemsAt(['lines', 0, 'customization'], { inner: hidden })).toEqual([
      ['UNKNOWN_FIELD', `#/lines/0/customization/inner/${name}`],
    ]);
    expect(problemsAt(['metadata'], hidden)).toEqual([['UNKNOWN_FIELD', `#/metadata/${name}`]]);
    expect(problemsAt(['lines', 0, 'lineId'], name)).toEqual([['FORMAT_INVALID', '#/lines/0/lineId']]);
  });

  test('is not followed into bottomless depth', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 50_000; level++) deep = { deep };
    expect(problemsAt(['lines', 0, 'customization'], deep)).toEqual([['TYPE_INVALID', '#']]);
  });

  test.for([null, [], 'order', 7, true])('is refused whole when it is %j', (body) => {
    const { problems, draft, submission } = readSubmission(body);
    expect(problems.map(({ pointer }) => pointer)).toEqual(['#']);
    expect([draft, submission]).toEqual([{}, undefined]);
  });
});

test('text is stored composed, so that equal names are equal', () => {
  const { submission } = readSubmission(withAt(aSubmission(), ['buyer', 'name'], ' Cafe\u0301 '));
  expect(submission?.buyer.name).toBe('Caf\u00e9');
});

test('the draft keeps what is well-formed beside what is not', () => {
  const broken = withAt(withAt(aSubmission(), ['lines', 0, 'quantity'], -1), ['payment', 'method'], 'CHEQUE');
  const { draft, submission } = readSubmission(broken);
  expect(submission).toBeUndefined();
  expect(draft.payment).toEqual({});
  expect(draft.lines?.[0]).toMatchObject({ lineId: '1', unitPrice: '39.90' });
  expect(draft.lines?.[0]).not.toHaveProperty('quantity');
});

test('pointers escape what RFC 6901 escapes', () => {
  expect(pointerTo(['metadata', 'a/b~c', 0])).toBe('#/metadata/a~1b~0c/0');
});
