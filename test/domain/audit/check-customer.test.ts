import { describe, expect, test } from 'vitest';
import { checkCustomer } from '../../../domain/audit/check-customer.ts';
import type { CustomerCandidate } from '../../../domain/customers/customer-match.ts';
import type { SubmissionInput } from '../../../domain/submissions/read-submission.ts';
import { aCustomer } from '../../builders/a-partner.ts';
import { aSubmission } from '../../builders/a-submission.ts';
import { anAudit } from '../../builders/an-audit.ts';

const { customerId, ...anonymous } = aSubmission().buyer;

const asked = (
  candidates: CustomerCandidate[],
  {
    buyer = anonymous,
    method = 'BANK_TRANSFER',
  }: Partial<{
    buyer: SubmissionInput['buyer'];
    method: SubmissionInput['payment']['method'];
  }> = {},
) =>
  checkCustomer(anAudit({ customer: undefined, candidates, submission: { buyer, payment: { method } } })).map(
    ({ severity, code, value = '-', suggestion = '-', expected = '-' }) =>
      [severity, code, value, suggestion, expected].join(' '),
  );
const numbered = { ...anonymous, customerId: 'C10068' };

describe('a buyer who is not on file', () => {
  test.for([
    ['without a number, and like nobody', [], {}, []],
    ['who buys on account', [], { method: 'ON_ACCOUNT' }, ['HOLD CUSTOMER_UNKNOWN - - -']],
    ['with a number', [], { buyer: numbered }, ['HOLD CUSTOMER_UNKNOWN C10068 - -']],
    [
      'with a number one slip away from a customer’s',
      [{ customerId: 'C10086', by: 'NUMBER' }],
      { buyer: numbered },
      ['HOLD CUSTOMER_UNKNOWN C10068 C10086 -'],
    ],
    [
      'with a number, and the address of one customer and the name of another',
      [
        { customerId: 'C1', by: 'EMAIL' },
        { customerId: 'C2', by: 'NAME' },
        { customerId: 'C1', by: 'NAME' },
      ],
      { buyer: numbered },
      ['HOLD CUSTOMER_UNKNOWN C10068 - C1, C2'],
    ],
    ['but named like one', [{ customerId: 'C1', by: 'NAME' }], {}, ['WARNING CUSTOMER_UNKNOWN - C1 -']],
    [
      'but named like one, on account',
      [{ customerId: 'C1', by: 'NAME' }],
      { method: 'ON_ACCOUNT' },
      ['HOLD CUSTOMER_UNKNOWN - C1 -'],
    ],
    [
      'whose telephone two have',
      [
        { customerId: 'C1', by: 'TELEPHONE' },
        { customerId: 'C2', by: 'TELEPHONE' },
      ],
      {},
      ['HOLD CUSTOMER_AMBIGUOUS - - C1, C2'],
    ],
    [
      'whose telephone two have, on account',
      [
        { customerId: 'C1', by: 'TELEPHONE' },
        { customerId: 'C2', by: 'EMAIL' },
      ],
      { method: 'ON_ACCOUNT' },
      ['HOLD CUSTOMER_AMBIGUOUS - - C1, C2'],
    ],
  ] as const)('%s', ([, candidates, more, expected]) => {
    expect(asked([...candidates], more)).toEqual(expected);
  });

  test('is told with who it may be and why, by number alone', () => {
    const found = checkCustomer(
      anAudit({
        customer: undefined,
        candidates: [{ customerId: 'C10086', by: 'NUMBER' }],
        submission: { buyer: numbered },
      }),
    );
    expect(found).toMatchObject([
      { pointer: '#/buyer/customerId', evidence: [{ source: 'CUSTOMER', id: 'C10086', detail: 'NUMBER' }] },
    ]);
  });
});

describe('the number of', () => {
  const named = (name: string, onFile: Parameters<typeof aCustomer>[0], contact = {}) =>
    checkCustomer(
      anAudit({
        customer: aCustomer(onFile),
        submission: {
          buyer: { customerId: 'C10086', name, contact: { email: 'wang@example.com', ...contact } },
          invoiceRequest: undefined,
        },
      }),
    ).map(({ code }) => code);

  test.for([
    ['a customer of that name', '上海示例贸易有限公司', {}, []],
    ['a customer whose name is written shorter', '示例贸易', {}, []],
    ['a customer of another name, whose address is given', '某某咖啡', { email: 'Wang@example.com' }, []],
    ['somebody else altogether', '某某咖啡有限公司', { email: 'li@example.com' }, ['CUSTOMER_MISMATCH']],
    ['somebody of whom nothing but the name is known', '某某咖啡有限公司', {}, ['CUSTOMER_MISMATCH']],
    ['a customer named in another script', 'Example Trading', {}, []],
  ] as const)('%s', ([, name, onFile, expected]) => {
    expect(named(name, onFile)).toEqual(expected);
  });
});

test('a customer found without a number is not asked about', () => {
  expect(checkCustomer(anAudit({ submission: { buyer: { ...anonymous, name: '某某咖啡' } } }))).toEqual([]);
});
