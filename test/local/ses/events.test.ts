import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import type { ConfigurationSet, MailEventType } from '../../../local/ses/configuration-set.ts';
import type { BusEvent } from '../../../local/ses/publish-events.ts';
import type { SesOptions } from '../../../local/ses/ses.ts';
import { startSes } from './ses-fixture.ts';

const everything: MailEventType[] = ['Send', 'Reject', 'Delivery', 'Bounce', 'Complaint'];
const toBus = (eventTypes = everything): ConfigurationSet => ({
  name: 'desk',
  isSendingEnabled: true,
  destinations: [{ name: 'bus', eventTypes, target: { kind: 'bus' } }],
});

const start = async (set: ConfigurationSet = toBus(), options: Partial<SesOptions> = {}) => {
  const events: BusEvent[] = [];
  const published: { topicArn: string; text: string }[] = [];
  const running = await startSes({
    configurationSets: [set],
    putEvent: async (event) => void events.push(event),
    publish: async (topicArn, { text }) => void published.push({ topicArn, text }),
    ...options,
  });
  const send = async (to: string[], more: { set?: string | undefined; text?: string } = { set: 'desk' }) => {
    const command = new SendEmailCommand({
      Source: 'Orders <orders@example.com>',
      Destination: { ToAddresses: to },
      Message: { Subject: { Data: 'Order 1001' }, Body: { Text: { Data: more.text ?? 'Thank you.' } } },
      ConfigurationSetName: more.set,
      Tags: [{ Name: 'order', Value: '1001' }],
    });
    return (await running.client.send(command)).MessageId ?? '';
  };
  const told = () => events.map(({ detailType }) => detailType);
  return { ...running, events, published, send, told };
};

const at = (mailbox: string) => `${mailbox}@simulator.amazonses.com`;

describe('a mail sent with a configuration set', () => {
  test.for([
    { to: ['li.wei@example.net'], events: ['Email Sent', 'Email Delivered'] },
    { to: [at('success')], events: ['Email Sent', 'Email Delivered'] },
    { to: [at('ooto')], events: ['Email Sent', 'Email Delivered'] },
    { to: [at('bounce')], events: ['Email Sent', 'Email Bounced'] },
    { to: [at('Bounce+order1')], events: ['Email Sent', 'Email Bounced'] },
    { to: [at('suppressionlist')], events: ['Email Sent', 'Email Bounced'] },
    { to: [at('complaint')], events: ['Email Sent', 'Email Delivered', 'Email Complaint Received'] },
    {
      to: [at('bounce'), 'a@example.net', at('bounce+2')],
      events: ['Email Sent', 'Email Bounced', 'Email Delivered'],
    },
  ])('to $to: $events', async ({ to, events }) => {
    const { send, told } = await start();
    await send(to);
    expect(told()).toEqual(events);
  });

  test('is described as SES describes it', async () => {
    const { send, events } = await start(toBus(['Bounce']), { identities: [{ name: 'example.com' }] });
    const messageId = await send([at('bounce'), 'a@example.net', at('bounce+2')]);
    expect(events).toEqual([
      {
        source: 'aws.ses',
        detailType: 'Email Bounced',
        resources: ['arn:aws:ses:us-east-1:000000000000:configuration-set/desk'],
        detail: {
          eventType: 'Bounce',
          mail: {
            timestamp: expect.stringMatching(/Z$/),
            source: 'Orders <orders@example.com>',
            sourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/example.com',
            sendingAccountId: '000000000000',
            messageId,
            destination: [at('bounce'), 'a@example.net', at('bounce+2')],
            headersTruncated: false,
            headers: expect.arrayContaining([{ name: 'Subject', value: 'Order 1001' }]),
            commonHeaders: {
              from: ['Orders <orders@example.com>'],
              date: expect.any(String),
              to: [at('bounce'), 'a@example.net', at('bounce+2')],
              messageId,
              subject: 'Order 1001',
            },
            tags: {
              'ses:configuration-set': ['desk'],
              'ses:source-ip': ['127.0.0.1'],
              'ses:from-domain': ['example.com'],
              order: ['1001'],
            },
          },
          bounce: {
            feedbackId: expect.any(String),
            bounceType: 'Permanent',
            bounceSubType: 'General',
            bouncedRecipients: [at('bounce'), at('bounce+2')].map((emailAddress) => ({
              emailAddress,
              action: 'failed',
              status: '5.1.1',
              diagnosticCode: 'smtp; 550 5.1.1 user unknown',
            })),
            timestamp: expect.stringMatching(/Z$/),
            reportingMTA: 'dns; localhost',
          },
        },
      },
    ]);
  });

  test('goes to a topic where the set names one', async () => {
    const topicArn = 'arn:aws:sns:us-east-1:000000000000:mails';
    const { send, published, events } = await start({
      ...toBus(),
      destinations: [{ name: 'topic', eventTypes: ['Complaint'], target: { kind: 'topic', arn: topicArn } }],
    });
    await send([at('complaint')]);
    expect(published.map((one) => [one.topicArn, JSON.parse(one.text).eventType])).toEqual([
      [topicArn, 'Complaint'],
    ]);
    expect(events).toEqual([]);
  });

  test('that carries the test file for virus scanners is accepted and rejected', async () => {
    const { client, told, inboxUrl } = await start();
    // Put together here, lest a scanner take this file for the test file.
    const sample = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('-');
    const attachment = Buffer.from(sample).toString('base64');
    const raw = `From: orders@example.com\r\nTo: a@example.net\r\nContent-Type: application/octet-stream; name="a.txt"\r\nContent-Disposition: attachment; filename="a.txt"\r\nContent-Transfer-Encoding: base64\r\n\r\n${attachment}\r\n`;
    const Data = Buffer.from(raw);
    await client.send(new SendRawEmailCommand({ RawMessage: { Data }, ConfigurationSetName: 'desk' }));
    expect(told()).toEqual(['Email Sent', 'Email Rejected']);
    expect(await (await fetch(inboxUrl)).text()).toContain('rejected');
  });
});

test('a mail without a set, and one of a set that wants no such event, tell nobody', async () => {
  const { send, events } = await start(toBus(['Complaint']));
  await send([at('bounce')], { set: undefined });
  await send([at('complaint')], { set: undefined });
  await send([at('bounce')]);
  expect(events).toEqual([]);
});

test('a set is found by parameter, by header, and by the identity', async () => {
  const { client, told } = await start(toBus(['Send']), {
    identities: [{ name: 'orders@example.com', configurationSet: 'desk' }, { name: 'example.org' }],
  });
  const send = (from: string, header = '') =>
    client.send(
      new SendRawEmailCommand({
        RawMessage: { Data: Buffer.from(`From: ${from}\r\nTo: a@example.net\r\n${header}\r\nx`) },
      }),
    );
  await send('orders@example.com');
  expect(told()).toHaveLength(1);
  await send('a@example.org');
  expect(told()).toHaveLength(1);
  await send('a@example.org', 'X-SES-CONFIGURATION-SET: desk\r\n');
  expect(told()).toHaveLength(2);
  await expect(send('a@example.org', 'x-ses-configuration-set: none\r\n')).rejects.toMatchObject({
    name: 'ConfigurationSetDoesNotExistException',
  });
});

test('a set that does not exist, or is paused, sends nothing', async () => {
  const { send, inboxUrl } = await start({ ...toBus(), isSendingEnabled: false });
  await expect(send(['a@example.net'], { set: 'other' })).rejects.toMatchObject({
    name: 'ConfigurationSetDoesNotExistException',
    message: 'Configuration set <other> does not exist.',
  });
  await expect(send(['a@example.net'])).rejects.toMatchObject({
    name: 'ConfigurationSetSendingPausedException',
  });
  expect(await (await fetch(`${inboxUrl}/messages.json`)).json()).toEqual([]);
});

describe('the suppression list', () => {
  test('takes an address that bounced, which then gets nothing more', async () => {
    const { send, ses, events, inboxUrl } = await start();
    await send([at('nobody')]);
    expect(ses.suppressed()).toMatchObject([{ address: at('nobody'), reason: 'BOUNCE' }]);
    events.length = 0;
    await send([at('NoBody'), 'a@example.net']);
    expect(events).toMatchObject([
      { detailType: 'Email Sent' },
      { detail: { bounce: { bounceSubType: 'OnAccountSuppressionList' } } },
      { detail: { delivery: { recipients: ['a@example.net'] } } },
    ]);
    expect(await (await fetch(`${inboxUrl}/suppressed`)).text()).toContain(at('nobody'));
    await ses.unsuppress(at('nobody'));
    expect(ses.suppressed()).toEqual([]);
  });

  test('takes no mailbox of the simulator that is meant to bounce', async () => {
    const { send, ses } = await start();
    await send([at('bounce'), at('complaint'), at('suppressionlist')]);
    expect(ses.suppressed()).toEqual([]);
  });

  test('takes whom a later report names, and outlives a restart', async () => {
    const first = await start(toBus(['Bounce', 'Complaint']));
    const messageId = await first.send(['a@example.net', 'b@example.net']);
    await first.ses.reportFeedback('Bounce', messageId, ['a@example.net']);
    await first.ses.reportFeedback('Complaint', messageId, ['b@example.net']);
    expect(first.told()).toEqual(['Email Bounced', 'Email Complaint Received']);
    await first.stop();
    const second = await start(toBus(), { stateDir: first.stateDir });
    expect(second.ses.suppressed().map(({ address, reason }) => `${address} ${reason}`)).toEqual([
      'a@example.net BOUNCE',
      'b@example.net COMPLAINT',
    ]);
    await expect(second.ses.reportFeedback('Bounce', 'none', [])).rejects.toThrow('There is no mail none');
  });

  test.for([
    { reasons: ['COMPLAINT'] as const, listed: ['b@example.net'] },
    { reasons: [] as const, listed: [] },
    { reasons: undefined, listed: ['a@example.net', 'b@example.net'] },
  ])('keeps to the reasons of the set: $reasons', async ({ reasons, listed }) => {
    const { send, ses } = await start({ ...toBus(), suppressedReasons: reasons });
    const messageId = await send(['a@example.net', 'b@example.net']);
    await ses.reportFeedback('Bounce', messageId, ['a@example.net']);
    await ses.reportFeedback('Complaint', messageId, ['b@example.net']);
    expect(ses.suppressed().map(({ address }) => address)).toEqual(listed);
  });
});

test('somebody out of the office answers', async () => {
  const { send, inboxUrl } = await start();
  const messageId = await send([at('ooto')]);
  const mails = z
    .array(z.looseObject({ id: z.string() }))
    .parse(await (await fetch(`${inboxUrl}/messages.json`)).json());
  expect(mails).toMatchObject([
    { from: at('ooto'), to: ['orders@example.com'], subject: 'Auto: Order 1001' },
    { to: [at('ooto')] },
  ]);
  const eml = await (await fetch(`${inboxUrl}/messages/${mails[0]?.id}.eml`)).text();
  expect(eml).toContain('Auto-Submitted: auto-replied');
  expect(eml).toMatch(new RegExp(`In-Reply-To:\\s+<${messageId}@email.amazonses.com>`));
});

test('events that nobody took do not fail the mail, and come at the next start', async () => {
  const errors: unknown[] = [];
  const crashing = await start(toBus(), {
    putEvent: () => Promise.reject(new Error('not now')),
    onError: (error) => errors.push(error),
  });
  await crashing.send([at('bounce')]);
  expect(errors).toHaveLength(1);
  const stateDir = await mkdtemp(join(tmpdir(), 'rudan-ses-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  await cp(crashing.stateDir, stateDir, { recursive: true });
  const restarted = await start(toBus(), { stateDir });
  expect(restarted.told()).toEqual(['Email Sent', 'Email Bounced']);
  await restarted.stop();
  expect((await start(toBus(), { stateDir })).told()).toEqual([]);
});
