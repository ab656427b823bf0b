import { expect, test } from 'vitest';
import { checkContact } from '../../../domain/audit/check-contact.ts';
import type { ContactMark } from '../../../domain/customers/contacts.ts';
import { aSubmission } from '../../builders/a-submission.ts';
import { anAudit } from '../../builders/an-audit.ts';

const mark: ContactMark = {
  reason: 'BOUNCED',
  at: '2026-03-01T08:00:00.000Z',
  subject: 'SO-20260301-000007-3',
};

type Emails = { buyer?: string; invoice?: string };

const audited = (emails: Emails, marked: string[], found = mark) =>
  checkContact(
    anAudit({
      contactMarks: new Map(marked.map((email) => [email, found])),
      submission: {
        buyer: {
          ...aSubmission().buyer,
          contact: { telephone: '+8613800138000', ...(emails.buyer && { email: emails.buyer }) },
        },
        ...(emails.invoice && {
          invoiceRequest: { titleType: 'INDIVIDUAL', title: '王敏', email: emails.invoice },
        }),
      },
    }),
  );

const [buyer, invoice, partner] = ['wang@example.com', 'invoices@example.com', 'orders@mall.example.com'];

test.for<[name: string, emails: Emails, marked: string[], found: string[]]>([
  ['nothing came back', { buyer, invoice }, [], []],
  ['mail to somebody else came back', { buyer, invoice }, ['li@example.com'], []],
  ['mail to the buyer came back', { buyer, invoice }, [buyer], ['HOLD #/buyer/contact/email']],
  [
    'mail to the invoice’s address came back',
    { buyer, invoice },
    [invoice],
    ['WARNING #/invoiceRequest/email'],
  ],
  [
    'mail to both came back',
    { buyer, invoice },
    [buyer, invoice],
    ['HOLD #/buyer/contact/email', 'WARNING #/invoiceRequest/email'],
  ],
  [
    'one address for both is asked about once',
    { buyer, invoice: buyer },
    [buyer],
    ['HOLD #/buyer/contact/email'],
  ],
  ['the partner stands in for a buyer without', {}, [partner], ['WARNING #/buyer/contact']],
  ['the partner is not asked about beside a buyer', { buyer }, [partner], []],
])('%s', ([, emails, marked, found]) => {
  expect(audited(emails, marked).map(({ severity, pointer }) => `${severity} ${pointer}`)).toEqual(found);
});

test.for<[evidence: string, found: ContactMark]>([
  ['BOUNCED 2026-03-01T08:00:00.000Z', mark],
  ['COMPLAINED 2026-03-01T08:00:00.000Z', { ...mark, reason: 'COMPLAINED' }],
])('says by which mail it is known, and no address: %s', ([detail, found]) => {
  expect(audited({ buyer }, [buyer], found)).toEqual([
    {
      severity: 'HOLD',
      code: 'CONTACT_BOUNCED',
      pointer: '#/buyer/contact/email',
      evidence: [{ source: 'MAIL', id: 'SO-20260301-000007-3', detail }],
    },
  ]);
});

test('an address whose domain takes no mail is not valid, whatever came back of it', () => {
  const { order } = anAudit({ submission: { buyer: { ...aSubmission().buyer, contact: { email: buyer } } } });
  const looked = { order, contactMarks: new Map([[buyer, mark]]) };
  expect(checkContact({ ...looked, deadAddresses: [buyer] })).toEqual([
    { severity: 'HOLD', code: 'EMAIL_INVALID', pointer: '#/buyer/contact/email' },
  ]);
  expect(checkContact({ ...looked, deadAddresses: [invoice] })).toMatchObject([{ code: 'CONTACT_BOUNCED' }]);
});
