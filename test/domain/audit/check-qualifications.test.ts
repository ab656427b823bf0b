import { describe, expect, test } from 'vitest';
import { checkQualifications } from '../../../domain/audit/check-qualifications.ts';
import type { SubmissionInput } from '../../../domain/submissions/read-submission.ts';
import { aCustomer } from '../../builders/a-partner.ts';
import { aProduct } from '../../builders/a-product.ts';
import { aSubmission } from '../../builders/a-submission.ts';
import { anAudit } from '../../builders/an-audit.ts';

type Licence = { type: string; number: string; validUntil: string };
const food = (validUntil: string, number = 'JY1'): Licence => ({ type: 'FOOD', number, validUntil });

type Given = {
  onFile?: Licence[];
  sent?: SubmissionInput['qualifications'];
  delivery?: Partial<SubmissionInput['delivery']>;
};

const found = ({ onFile = [], sent = [], delivery = {} }: Given) =>
  checkQualifications(
    anAudit({
      catalogue: [aProduct({ requiredQualification: 'FOOD' })],
      customer: aCustomer({ qualifications: onFile }),
      submission: { qualifications: sent, delivery: { ...aSubmission().delivery, ...delivery } },
    }),
  ).map(({ code, value = '' }) => `${code} ${value}`.trim());

describe('delivered on 2026-03-20', () => {
  test.for([
    ['no licence', {}, ['QUALIFICATION_MISSING']],
    [
      'one of another kind',
      { onFile: [{ ...food('2030-01-01'), type: 'ALCOHOL' }] },
      ['QUALIFICATION_MISSING'],
    ],
    [
      'one that ends the day before',
      { onFile: [food('2026-03-19')] },
      ['QUALIFICATION_EXPIRED JY1 2026-03-19'],
    ],
    ['one that ends on the day', { onFile: [food('2026-03-20')] }, []],
    ['an ended one and its successor', { onFile: [food('2025-01-01'), food('2027-01-01', 'JY2')] }, []],
    [
      'two ended ones, of which the later is named',
      { onFile: [food('2025-01-01'), food('2026-01-01', 'JY2')] },
      ['QUALIFICATION_EXPIRED JY2 2026-01-01'],
    ],
    ['one sent with the order', { sent: [food('2026-12-31', 'JY9')] }, []],
    ['one sent without its date', { sent: [{ type: 'FOOD', number: 'JY9' }] }, ['QUALIFICATION_EXPIRED JY9']],
    [
      'one on file that the order says lasts longer',
      { onFile: [food('2026-03-01')], sent: [food('2030-01-01')] },
      ['QUALIFICATION_EXPIRED JY1 2026-03-01'],
    ],
    [
      'one on file whose date the order does not say',
      { onFile: [food('2030-01-01')], sent: [{ type: 'FOOD', number: 'JY1' }] },
      [],
    ],
  ] as const satisfies readonly (readonly [string, Given, readonly string[]])[])(
    'with %s',
    ([, given, expected]) => {
      expect(found(given)).toEqual(expected);
    },
  );
});

test('in a period, the licence must last until its end', () => {
  const delivery = { requestedDate: undefined, requestedPeriod: { start: '2026-03-20', end: '2026-04-20' } };
  expect(found({ delivery, onFile: [food('2026-04-19')] })).toEqual(['QUALIFICATION_EXPIRED JY1 2026-04-19']);
  expect(found({ delivery, onFile: [food('2026-04-20')] })).toEqual([]);
});
