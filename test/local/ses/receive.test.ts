import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createVirtualClock } from '../../../local/clock.ts';
import { headerValue, readMessage } from '../../../local/ses/header-section.ts';
import type { ReceiptRule } from '../../../local/ses/receipt-rule.ts';
import { createReceiver, MailRefused, type ReceiverOptions } from '../../../local/ses/receive.ts';
import { startS3 } from '../s3/s3-fixture.ts';

const clock = createVirtualClock(Date.parse('2026-03-09T08:05:01Z'));
const envelope = { from: 'li.wei@example.net', to: ['orders@in.example.com'] };
const raw = Buffer.from(
  [
    'From: Li Wei <li.wei@example.net>',
    'To: orders@in.example.com',
    'Subject: Order',
    '',
    'two mugs',
    '',
  ].join('\r\n'),
);

const aRule = (changes: Partial<ReceiptRule> = {}): ReceiptRule => ({
  name: 'rule',
  recipients: [],
  isScanning: true,
  actions: [{ kind: 's3', bucketName: 'inbound', prefix: 'mail/' }],
  ...changes,
});

const receiver = (rules: ReceiptRule[], options: Partial<ReceiverOptions> = {}) => {
  const did: string[] = [];
  const objects: { bucket: string; key: string; body: Buffer }[] = [];
  const events: unknown[] = [];
  const published: { topicArn: string; text: string }[] = [];
  const receive = createReceiver({
    rules,
    clock,
    region: 'us-east-1',
    putObject: async (bucket, key, body) => {
      did.push('s3');
      objects.push({ bucket, key, body });
    },
    invoke: async (_, payload) => {
      did.push('lambda');
      events.push(JSON.parse(payload));
      return { payload: 'null' };
    },
    invokeAsync: async (_, payload) => {
      did.push('lambda later');
      events.push(JSON.parse(payload));
    },
    publish: async (topicArn, { text }) => {
      did.push('sns');
      published.push({ topicArn, text });
    },
    ...options,
  });
  return { receive, did, objects, events, published };
};

describe('a mail that comes in', () => {
  test('becomes an object under its message id, behind the headers that SES adds', async () => {
    const { receive, objects } = receiver([aRule()]);
    const { messageId } = await receive(raw, envelope);
    expect(messageId).toMatch(/^[0-9a-v]{40}$/);
    expect(objects).toMatchObject([{ bucket: 'inbound', key: `mail/${messageId}` }]);
    const text = objects[0]?.body.toString() ?? '';
    const [added, original] = [text.slice(0, text.indexOf('From: Li')), text.slice(text.indexOf('From: Li'))];
    expect(original).toBe(raw.toString());
    expect(added.split('\r\n').slice(0, 8)).toEqual([
      'Return-Path: <li.wei@example.net>',
      'Received: from example.net (example.net [127.0.0.1])',
      ` by inbound-smtp.us-east-1.amazonaws.com with SMTP id ${messageId}`,
      ' for orders@in.example.com;',
      ' Mon, 09 Mar 2026 08:05:01 +0000 (UTC)',
      'X-SES-Spam-Verdict: PASS',
      'X-SES-Virus-Verdict: PASS',
      'Received-SPF: pass (spfCheck: domain of example.net designates 127.0.0.1 as permitted sender) client-ip=127.0.0.1; envelope-from=li.wei@example.net; helo=example.net;',
    ]);
    const value = headerValue(readMessage(Buffer.from(text)).headers, 'authentication-results');
    expect(value).toMatch(
      /^amazonses\.com; spf=pass .* dkim=pass header\.i=@example\.net; dmarc=pass header\.from=example\.net;$/,
    );
  });

  test('carries the verdicts it is given', async () => {
    const { receive, objects } = receiver([aRule()]);
    await receive(raw, envelope, { spam: 'FAIL', virus: 'GRAY', spf: 'FAIL', dkim: 'GRAY', dmarc: 'FAIL' });
    const { headers } = readMessage(objects[0]?.body ?? Buffer.alloc(0));
    expect(headerValue(headers, 'X-SES-Spam-Verdict')).toBe('FAIL');
    expect(headerValue(headers, 'X-SES-Virus-Verdict')).toBe('GRAY');
    expect(headerValue(headers, 'Received-SPF')).toMatch(/^fail /);
    expect(headerValue(headers, 'Authentication-Results')).toMatch(/spf=fail .* dkim=none .* dmarc=fail/);
  });

  test('is not looked through by a rule that does not scan', async () => {
    const { receive, objects } = receiver([aRule({ isScanning: false })]);
    await receive(raw, envelope);
    expect(objects[0]?.body.toString()).toContain('X-SES-Spam-Verdict: DISABLED\r\n');
  });

  test('raises Object Created as a put by SES', async () => {
    const { s3, events } = await startS3();
    const { receive } = receiver(
      [aRule({ actions: [{ kind: 's3', bucketName: 'documents', prefix: 'in/' }] })],
      {
        putObject: (bucket, key, body) => s3.putObject(bucket, key, body, { requester: 'ses.amazonaws.com' }),
      },
    );
    const { messageId } = await receive(raw, envelope);
    await expect
      .poll(() => events)
      .toMatchObject([
        {
          detailType: 'Object Created',
          detail: { requester: 'ses.amazonaws.com', reason: 'PutObject', object: { key: `in/${messageId}` } },
        },
      ]);
  });

  test('that cannot be stored is not received', async () => {
    const { receive } = receiver([aRule()], { putObject: () => Promise.reject(new Error('no such bucket')) });
    await expect(receive(raw, envelope)).rejects.toThrow('no such bucket');
  });
});

describe('a rule is about', () => {
  test.for([
    { recipients: [], to: 'any@anywhere.example', isAbout: true },
    { recipients: ['Orders@in.example.com'], to: 'orders@IN.example.com', isAbout: true },
    { recipients: ['orders@in.example.com'], to: 'other@in.example.com', isAbout: false },
    { recipients: ['in.example.com'], to: 'any@in.example.com', isAbout: true },
    { recipients: ['in.example.com'], to: 'any@deep.in.example.com', isAbout: false },
    { recipients: ['.in.example.com'], to: 'any@deep.in.example.com', isAbout: true },
    { recipients: ['.in.example.com'], to: 'any@in.example.com', isAbout: false },
    { recipients: ['other.example', 'in.example.com'], to: 'any@in.example.com', isAbout: true },
  ])('$recipients and $to: $isAbout', async ({ recipients, to, isAbout }) => {
    const { receive, objects } = receiver([aRule({ recipients })]);
    const received = receive(raw, { ...envelope, to: [to] });
    if (isAbout) await received;
    else await expect(received).rejects.toThrow('550 5.1.1');
    expect(objects).toHaveLength(isAbout ? 1 : 0);
  });
});

test('a mail beyond 40 MB is refused at the door', async () => {
  const { receive } = receiver([aRule()]);
  await expect(receive(Buffer.alloc(40 * 1024 * 1024 + 1, 'x'), envelope)).rejects.toThrow(MailRefused);
});

describe('the actions of a rule', () => {
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:mails';
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:on-mail';

  test('are done in order, and those of the next rule after them', async () => {
    const { receive, did } = receiver([
      aRule({ actions: [{ kind: 'lambda', functionArn, isAwaited: false }, ...aRule().actions] }),
      aRule({ recipients: ['other.example'] }),
      aRule({ actions: [{ kind: 'sns', topicArn, encoding: 'UTF-8' }] }),
    ]);
    await receive(raw, envelope);
    expect(did).toEqual(['lambda later', 's3', 'sns']);
  });

  test('end with a stop, for the rules behind it too', async () => {
    const { receive, did } = receiver([aRule({ actions: [...aRule().actions, { kind: 'stop' }] }), aRule()]);
    await receive(raw, envelope);
    expect(did).toEqual(['s3']);
  });

  test.for([
    { disposition: 'CONTINUE', did: ['s3', 's3'] },
    { disposition: 'STOP_RULE', did: ['s3'] },
    { disposition: 'STOP_RULE_SET', did: [] },
    { disposition: undefined, did: ['s3', 's3'] },
  ])('go on as a function says that is waited for: $disposition', async ({ disposition, did }) => {
    const running = receiver(
      [aRule({ actions: [{ kind: 'lambda', functionArn, isAwaited: true }, ...aRule().actions] }), aRule()],
      { invoke: async () => ({ payload: JSON.stringify({ disposition }) }) },
    );
    await running.receive(raw, envelope);
    expect(running.did).toEqual(did);
  });

  test('give a function the event that SES gives it, without the body', async () => {
    const { receive, events } = receiver([
      aRule({ actions: [{ kind: 'lambda', functionArn, isAwaited: false }] }),
    ]);
    const { messageId } = await receive(raw, envelope, { spam: 'GRAY' });
    expect(events).toEqual([
      {
        Records: [
          {
            eventSource: 'aws:ses',
            eventVersion: '1.0',
            ses: {
              mail: {
                timestamp: '2026-03-09T08:05:01.000Z',
                source: 'li.wei@example.net',
                messageId,
                destination: ['orders@in.example.com'],
                headersTruncated: false,
                headers: expect.arrayContaining([
                  { name: 'X-SES-Spam-Verdict', value: 'GRAY' },
                  { name: 'From', value: 'Li Wei <li.wei@example.net>' },
                ]),
                commonHeaders: {
                  returnPath: 'li.wei@example.net',
                  from: ['Li Wei <li.wei@example.net>'],
                  to: ['orders@in.example.com'],
                  subject: 'Order',
                },
              },
              receipt: {
                timestamp: '2026-03-09T08:05:01.000Z',
                processingTimeMillis: 0,
                recipients: ['orders@in.example.com'],
                spamVerdict: { status: 'GRAY' },
                virusVerdict: { status: 'PASS' },
                spfVerdict: { status: 'PASS' },
                dkimVerdict: { status: 'PASS' },
                dmarcVerdict: { status: 'PASS' },
                action: { type: 'Lambda', functionArn, invocationType: 'Event' },
              },
            },
          },
        ],
      },
    ]);
  });

  test.for([
    { encoding: 'UTF-8' as const, read: (content: string) => content },
    { encoding: 'Base64' as const, read: (content: string) => Buffer.from(content, 'base64').toString() },
  ])('publish the mail itself in $encoding', async ({ encoding, read }) => {
    const { receive, published } = receiver([aRule({ actions: [{ kind: 'sns', topicArn, encoding }] })]);
    await receive(raw, envelope);
    const message = z.looseObject({ content: z.string() }).parse(JSON.parse(published[0]?.text ?? ''));
    expect(message).toMatchObject({
      notificationType: 'Received',
      receipt: { action: { type: 'SNS', topicArn } },
    });
    expect(read(message.content)).toContain(raw.toString());
  });

  test('tell a topic of each that names one', async () => {
    const { receive, published } = receiver([
      aRule({ actions: [{ kind: 's3', bucketName: 'inbound', prefix: 'mail/', topicArn }] }),
    ]);
    const { messageId } = await receive(raw, envelope);
    expect(JSON.parse(published[0]?.text ?? '')).toMatchObject({
      receipt: { action: { type: 'S3', bucketName: 'inbound', objectKey: `mail/${messageId}`, topicArn } },
    });
  });

  test('may add a header, which the later ones see', async () => {
    const add = { kind: 'addHeader', name: 'X-Desk', value: 'orders' } as const;
    const { receive, objects } = receiver([aRule({ actions: [add, ...aRule().actions] }), aRule()]);
    await receive(raw, envelope);
    const values = objects.map(({ body }) => headerValue(readMessage(body).headers, 'x-desk'));
    expect(values).toEqual(['orders', undefined]);
  });

  test('may send the mail back', async () => {
    const bounce = {
      kind: 'bounce',
      smtpReplyCode: '550',
      statusCode: '5.1.1',
      message: 'Mailbox does not exist',
      sender: 'desk@in.example.com',
    } as const;
    const { receive, did } = receiver([aRule({ actions: [bounce, ...aRule().actions] }), aRule()]);
    const { kind: _, ...told } = bounce;
    await expect(receive(raw, envelope)).resolves.toMatchObject({ bounce: told });
    expect(did).toEqual([]);
  });
});
