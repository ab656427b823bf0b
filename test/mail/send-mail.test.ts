import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import type { MailIntent, MailTemplate } from '../../domain/mail.ts';
import { MailRefused } from '../../functions/mail/mailer.ts';
import { createSendMail } from '../../functions/mail/send-mail.ts';
import { Fatal, Retryable } from '../../functions/shared/classify-error.ts';
import { logger } from '../../functions/shared/logger.ts';
import { mailKey } from '../../functions/shared/mail-outbox.ts';
import { aCompany } from './an-order.ts';
import { aModel, anIntent, aRecord } from './mail-cases.ts';

type SendMail = Parameters<typeof createSendMail>[0];

/** One mail in an outbox that claims as the real one does, and a mailer that remembers. */
const aMailroom = (template: MailTemplate, more: Partial<MailIntent> = {}) => {
  const intent = anIntent(template, 'zh-CN', { state: 'PENDING', ...more });
  const key = mailKey(intent);
  let state: 'PENDING' | 'CLAIMED' | 'RELEASED' | 'SENT' | 'REFUSED' = 'PENDING';
  const sent: { raw: Buffer; to: string }[] = [];
  const faults: Error[] = [];
  const marks: string[] = [];
  const model = aModel(template, 'zh-CN');
  const deps: SendMail = {
    outbox: {
      claim: async () => {
        if (state !== 'PENDING' && state !== 'RELEASED') return undefined;
        state = 'CLAIMED';
        return intent;
      },
      release: async () => {
        state = 'RELEASED';
      },
      markSent: async (_key, messageId) => {
        state = 'SENT';
        marks.push(messageId);
      },
      markRefused: async (_key, code) => {
        state = 'REFUSED';
        marks.push(code);
      },
    },
    orders: {
      read: async () =>
        template === 'upload-result' || template === 'mail-refused' ? undefined : aRecord(template, 'zh-CN'),
    },
    uploads: {
      read: async () =>
        model.kind === 'upload'
          ? {
              ...model.upload,
              resultKeys: { xlsx: 'results/acme-east/u.xlsx', json: 'results/acme-east/u.json' },
            }
          : undefined,
    },
    inboundMails: { read: async () => (model.kind === 'inbound-mail' ? model.mail : undefined) },
    partners: { readPartner: async () => (model.kind === 'order' ? undefined : model.partner) },
    documents: {
      get: async (documentKey) => Buffer.from(`content of ${documentKey}`),
      link: async (documentKey) => `https://documents.example.com/${documentKey}`,
    },
    company: () => aCompany,
    mailer: () => ({
      send: async (raw, to) => {
        const fault = faults.shift();
        if (fault) throw fault;
        sent.push({ raw, to });
        return { messageId: `ses-${sent.length}` };
      },
    }),
    sender: () => 'orders@example.com',
    links: { issue: async () => 'T'.repeat(43) },
    linkBase: () => 'https://api.example.com/live/t/',
    now: () => new Date('2025-10-14T02:00:05.000Z'),
  };
  const aStreamRecord = (
    image: Record<string, { S: string }> = { entity: { S: 'MAIL' }, state: { S: 'PENDING' } },
  ) => ({
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: '111', Keys: { pk: { S: key.pk }, sk: { S: key.sk } }, NewImage: image },
  });
  const handler = createSendMail(deps);
  return { deps, handler, sent, faults, marks, intent, aStreamRecord, state: () => state };
};

const nothingFailed = { batchItemFailures: [] };

test('sends a mail and marks it with the message id', async () => {
  const { handler, sent, marks, aStreamRecord } = aMailroom('order-confirmed');
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect(sent.map(({ to }) => to)).toEqual(['wang@example.com']);
  expect(marks).toEqual(['ses-1']);
});

test('a record that comes twice sends once', async () => {
  const { handler, sent, aStreamRecord } = aMailroom('order-confirmed');
  await handler({ Records: [aStreamRecord(), aStreamRecord()] });
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect(sent).toHaveLength(1);
});

test('two mailers with the same record send once', async () => {
  const { handler, sent, aStreamRecord } = aMailroom('order-confirmed');
  await Promise.all([handler({ Records: [aStreamRecord()] }), handler({ Records: [aStreamRecord()] })]);
  expect(sent).toHaveLength(1);
});

test('other rows and mails that are not pending are passed over', async () => {
  const { handler, sent, aStreamRecord } = aMailroom('order-confirmed');
  const images: Record<string, { S: string }>[] = [
    { entity: { S: 'ORDER' }, state: { S: 'PENDING' } },
    { entity: { S: 'MAIL' }, state: { S: 'SENDING' } },
    { entity: { S: 'MAIL' }, state: { S: 'SENT' } },
    {},
  ];
  expect(await handler({ Records: images.map((image) => aStreamRecord(image)) })).toEqual(nothingFailed);
  expect(sent).toEqual([]);
});

test.for([new Retryable('Throttling'), new Fatal('AccountSendingPausedException')])(
  'a mail that failed with $name is given back, named to the stream, and sent when it comes again',
  async (fault) => {
    const { handler, sent, faults, aStreamRecord, state } = aMailroom('order-confirmed');
    faults.push(fault);
    expect(await handler({ Records: [aStreamRecord()] })).toEqual({
      batchItemFailures: [{ itemIdentifier: '111' }],
    });
    expect(state()).toBe('RELEASED');
    expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
    expect(sent).toHaveLength(1);
  },
);

test('a refused mail is closed and not tried again', async () => {
  const { handler, sent, faults, marks, aStreamRecord } = aMailroom('order-confirmed');
  faults.push(new MailRefused('MessageRejected'));
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect(sent).toEqual([]);
  expect(marks).toEqual(['MessageRejected']);
});

test('a mail that was sent but could not be marked keeps its claim, so that the record’s return sends no second one', async () => {
  const { deps, sent, aStreamRecord, state } = aMailroom('order-confirmed');
  const handler = createSendMail({
    ...deps,
    outbox: { ...deps.outbox, markSent: () => Promise.reject(new Retryable('table')) },
  });
  expect(await handler({ Records: [aStreamRecord()] })).toEqual({
    batchItemFailures: [{ itemIdentifier: '111' }],
  });
  expect(state()).toBe('CLAIMED');
  await handler({ Records: [aStreamRecord()] });
  expect(sent).toHaveLength(1);
});

test('a mark that fails is written all the same: the record’s return finds nothing to send', async () => {
  const { deps, sent, marks, aStreamRecord } = aMailroom('order-confirmed');
  const refusals = [new Retryable('table'), new Retryable('table')];
  const handler = createSendMail({
    ...deps,
    outbox: {
      ...deps.outbox,
      markSent: async (...mark) => {
        const refusal = refusals.pop();
        if (refusal) throw refusal;
        await deps.outbox.markSent(...mark);
      },
    },
  });
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect([sent.length, marks.length]).toEqual([1, 1]);
});

test('a mail in another mailer’s hands is left to it, and to the sweeper if that mailer died', async () => {
  const { deps, handler, sent, marks, aStreamRecord } = aMailroom('order-confirmed');
  await deps.outbox.claim(mailKey(anIntent('order-confirmed', 'zh-CN', {})), new Date());
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect(sent).toEqual([]);
  expect(marks).toEqual([]);
});

test('an address that neither order, partner nor company gave gets nothing', async () => {
  const { handler, sent, marks, aStreamRecord } = aMailroom('order-confirmed', {
    recipient: 'evil@example.com',
  });
  expect(await handler({ Records: [aStreamRecord()] })).toEqual(nothingFailed);
  expect(sent).toEqual([]);
  expect(marks).toEqual(['RecipientNotOnFile']);
});

test('a mail about an order that is not on file is given back and named to the stream', async () => {
  const missing = aMailroom('order-confirmed');
  const handler = createSendMail({ ...missing.deps, orders: { read: async () => undefined } });
  expect(await handler({ Records: [missing.aStreamRecord()] })).toEqual({
    batchItemFailures: [{ itemIdentifier: '111' }],
  });
  expect(missing.state()).toBe('RELEASED');
});

test('the invoice’s mail carries the stored PDF', async () => {
  const { handler, sent, aStreamRecord } = aMailroom('invoice-issued');
  await handler({ Records: [aStreamRecord()] });
  const [attachment] = (await simpleParser(sent[0]?.raw ?? '')).attachments;
  expect(attachment?.filename).toBe('INV-20251016-000001.pdf');
  expect(attachment?.content.toString()).toBe(
    'content of orders/SO-20251014-000123-4/INV-20251016-000001.pdf',
  );
});

test('the mail about a file has its findings from the intent and links made now', async () => {
  const findings = JSON.stringify([
    {
      row: 12,
      orderReference: 'PO-77',
      severity: 'ERROR',
      code: 'DATE_PAST',
      cell: 'J12',
      value: '2025-01-01',
    },
  ]);
  const { handler, sent, aStreamRecord } = aMailroom('upload-result', { data: { findings } });
  await handler({ Records: [aStreamRecord()] });
  const { text, to } = await simpleParser(sent[0]?.raw ?? '');
  expect(to).toMatchObject({ text: 'orders@partner.example.com' });
  expect(text).toContain('第 12 行 · PO-77 · J12：日期已经过去（收到：2025-01-01）。');
  expect(text).toContain('https://documents.example.com/results/acme-east/u.xlsx');
});

test('an answer goes into the conversation of the mail that it answers', async () => {
  const { handler, sent, aStreamRecord } = aMailroom('mail-refused');
  await handler({ Records: [aStreamRecord()] });
  const { to, inReplyTo, references } = await simpleParser(sent[0]?.raw ?? '');
  expect(to).toMatchObject({ text: 'buyer@partner.example.com' });
  expect([inReplyTo, references]).toEqual(Array(2).fill('<order-77@partner.example.com>'));
});

test('the result of a file that a mail brought answers its sender, while that one may order', async () => {
  const { deps, intent, sent, marks, aStreamRecord } = aMailroom('upload-result', {
    recipient: 'buyer@partner.example.com',
  });
  const mail = { mailId: 'm1', sender: 'buyer@partner.example.com', messageId: '<m1@partner.example.com>' };
  const upload = await deps.uploads.read(intent.subject);
  if (!upload) throw new Error('the mail room has an upload');
  const uploads = { read: async () => ({ ...upload, mail }) };
  await createSendMail({ ...deps, uploads })({ Records: [aStreamRecord()] });
  const { inReplyTo } = await simpleParser(sent[0]?.raw ?? '');
  expect(inReplyTo).toBe('<m1@partner.example.com>');

  const late = aMailroom('upload-result', { recipient: 'former@partner.example.com' });
  await createSendMail({ ...late.deps, uploads })({ Records: [late.aStreamRecord()] });
  expect([late.sent, late.marks, marks]).toEqual([[], ['RecipientNotOnFile'], ['ses-1']]);
});

test('the log names orders and mails, never people', async () => {
  const lines: unknown[] = [];
  const spies = (['info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(logger, level).mockImplementation((...line) => void lines.push(line)),
  );
  const quoting = new Fatal('wang@example.com is not verified', { cause: new Error('wang@example.com') });
  const { handler, faults, aStreamRecord } = aMailroom('order-confirmed');
  faults.push(quoting, new Retryable('王敏'));
  for (let attempt = 0; attempt < 3; attempt++) await handler({ Records: [aStreamRecord()] });
  for (const spy of spies) spy.mockRestore();
  expect(lines).toHaveLength(3);
  expect(JSON.stringify(lines)).not.toMatch(/wang@|王敏|13800138000/);
});
