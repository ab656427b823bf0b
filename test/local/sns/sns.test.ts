import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createActivity } from '../../../local/calls/activity.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import { serve } from '../../../local/http/serve.ts';
import { ServiceError } from '../../../local/http/service-error.ts';
import { childText, parseXml, type XmlNode } from '../../../local/http/xml.ts';
import type { JsonValue } from '../../../local/json.ts';
import { createSns, type SnsOptions, type TopicMail } from '../../../local/sns/sns.ts';
import type { Subscription, TopicSpec } from '../../../local/sns/topic-spec.ts';

const topicArn = 'arn:aws:sns:us-east-1:000000000000:orders';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:watch';

const aSubscription = (changes: Partial<Subscription> = {}): Subscription => ({
  arn: `${topicArn}:1`,
  protocol: 'sqs',
  endpoint: queueArn,
  isRaw: false,
  ...changes,
});

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sns-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

type Delivered = {
  topicArn: string;
  endpoint: string;
  payload: JsonValue;
  attributes: Record<string, string>;
};

const start = async (
  subscriptions: Subscription[],
  { displayName, ...options }: Partial<SnsOptions> & Pick<TopicSpec, 'displayName'> = {},
) => {
  const delivered: Delivered[] = [];
  const mails: TopicMail[] = [];
  const errors: unknown[] = [];
  const clock = createVirtualClock(Date.parse('2026-03-02T08:00:00Z'));
  const activity = createActivity();
  clock.waitsFor?.(activity.idle);
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const sns = await createSns({
    topics: [{ arn: topicArn, displayName, subscriptions }],
    clock,
    activity,
    deliver: async (topic, endpoint, payload, attributes = {}) =>
      void delivered.push({ topicArn: topic, endpoint, payload, attributes }),
    sendMail: async (mail) => void mails.push(mail),
    onError: (error) => errors.push(error),
    ...options,
    stateDir,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= sns.close();
    return stopped;
  };
  onTestFinished(stop);
  return { sns, delivered, mails, errors, clock, stateDir, stop };
};

describe('a message', () => {
  test('reaches a queue in the form that SNS gives it', async () => {
    const { sns, delivered } = await start([aSubscription()]);
    const MessageId = await sns.publish(topicArn, {
      subject: 'Order 1001',
      text: 'shipped',
      attributes: { kind: { Type: 'String', Value: 'order' } },
    });
    await expect.poll(() => delivered).toHaveLength(1);
    expect(delivered[0]).toEqual({
      topicArn,
      endpoint: queueArn,
      attributes: {},
      payload: {
        Type: 'Notification',
        MessageId,
        TopicArn: topicArn,
        Subject: 'Order 1001',
        Message: 'shipped',
        Timestamp: '2026-03-02T08:00:00.000Z',
        SignatureVersion: '1',
        Signature: expect.any(String),
        SigningCertURL: expect.stringMatching(/^https:\/\/sns\.us-east-1\.amazonaws\.com\//),
        UnsubscribeURL: expect.stringContaining(`SubscriptionArn=${topicArn}:1`),
        MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
      },
    });
  });

  test('reaches a queue raw where the subscription says so, its attributes beside it', async () => {
    const { sns, delivered } = await start([aSubscription({ isRaw: true })]);
    const attributes = { kind: { Type: 'String', Value: 'order' } };
    await sns.publish(topicArn, { text: '{"a":1}', attributes });
    await expect.poll(() => delivered).toMatchObject([{ payload: '{"a":1}', attributes: { kind: 'order' } }]);
  });

  test('reaches a function as the event of SNS', async () => {
    const { sns, delivered } = await start([aSubscription({ protocol: 'lambda', endpoint: functionArn })]);
    const MessageId = await sns.publish(topicArn, { text: 'shipped' });
    await expect
      .poll(() => delivered)
      .toMatchObject([
        {
          endpoint: functionArn,
          payload: {
            Records: [
              {
                EventSource: 'aws:sns',
                EventVersion: '1.0',
                EventSubscriptionArn: `${topicArn}:1`,
                Sns: { MessageId, Subject: null, Message: 'shipped', MessageAttributes: {} },
              },
            ],
          },
        },
      ]);
  });

  test('reaches a mail address with the topic’s name before it', async () => {
    const subscription = aSubscription({ protocol: 'email', endpoint: 'alarms@example.com' });
    const { sns, mails } = await start([subscription], { displayName: 'Order desk' });
    await sns.publish(topicArn, { subject: 'ALARM: late', text: 'Orders are late.' });
    await sns.publish(topicArn, { text: 'No subject.' });
    await expect.poll(() => mails).toHaveLength(2);
    expect(mails).toMatchObject([
      {
        to: 'alarms@example.com',
        from: { name: 'Order desk', address: 'no-reply@sns.amazonaws.com' },
        subject: 'ALARM: late',
        text: expect.stringMatching(/^Orders are late\.\n\n--\nIf you wish to stop/),
      },
      { subject: 'AWS Notification Message' },
    ]);
  });

  test('may have a text of its own for each protocol', async () => {
    const { sns, delivered, mails } = await start([
      aSubscription({ isRaw: true }),
      aSubscription({ arn: `${topicArn}:2`, protocol: 'email', endpoint: 'a@example.com' }),
    ]);
    const text = JSON.stringify({ default: 'common', email: 'for people' });
    await sns.publish(topicArn, { text, structure: 'json' });
    await expect.poll(() => [...delivered, ...mails]).toHaveLength(2);
    expect(delivered[0]?.payload).toBe('common');
    expect(mails[0]?.text).toMatch(/^for people\n/);
  });

  test.for([
    { name: 'nothing', message: { text: '' }, says: 'Empty message' },
    { name: 'too much', message: { text: 'x'.repeat(256 * 1024 + 1) }, says: 'Message too long' },
    { name: 'a subject of two lines', message: { text: 'x', subject: 'a\nb' }, says: 'Subject' },
    { name: 'a subject that is too long', message: { text: 'x', subject: 'x'.repeat(101) }, says: 'Subject' },
    { name: 'no JSON', message: { text: 'x', structure: 'json' }, says: 'failed to parse' },
    { name: 'no default', message: { text: '{"email":"x"}', structure: 'json' }, says: 'No default entry' },
  ])('with $name is refused', async ({ message, says }) => {
    const { sns, delivered } = await start([aSubscription()]);
    await expect(sns.publish(topicArn, message)).rejects.toMatchObject({
      code: 'InvalidParameter',
      message: expect.stringContaining(says),
    });
    expect(delivered).toEqual([]);
  });

  test('to a topic that is not there is refused', async () => {
    const { sns } = await start([]);
    await expect(sns.publish(`${topicArn}-other`, { text: 'x' })).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('a filter policy', () => {
  test.for([
    { policy: { kind: ['order'] }, attributes: { kind: ['String', 'order'] }, passes: true },
    { policy: { kind: ['order'] }, attributes: { kind: ['String', 'other'] }, passes: false },
    { policy: { kind: ['order'] }, attributes: {}, passes: false },
    { policy: { kind: [{ exists: false }] }, attributes: {}, passes: true },
    { policy: { kind: [{ prefix: 'or' }] }, attributes: { kind: ['String', 'order'] }, passes: true },
    { policy: { total: [{ numeric: ['>', 10] }] }, attributes: { total: ['Number', '10.5'] }, passes: true },
    { policy: { total: [{ numeric: ['>', 10] }] }, attributes: { total: ['Number', '10'] }, passes: false },
    { policy: { tags: ['b'] }, attributes: { tags: ['String.Array', '["a","b"]'] }, passes: true },
  ] as const)('$policy and $attributes: $passes', async ({ policy, attributes, passes }) => {
    const filter = { policy: JSON.parse(JSON.stringify(policy)), scope: 'MessageAttributes' } as const;
    const { sns, delivered } = await start([
      aSubscription({ filter }),
      aSubscription({ arn: `${topicArn}:2`, endpoint: 'arn:aws:sqs:us-east-1:000000000000:all' }),
    ]);
    const given = Object.entries(attributes).map(([name, [Type, Value]]) => [name, { Type, Value }]);
    await sns.publish(topicArn, { text: 'x', attributes: Object.fromEntries(given) });
    await expect.poll(() => delivered.length).toBe(passes ? 2 : 1);
  });

  test('may ask about the body', async () => {
    const policy = { order: { total: [{ numeric: ['>=', 5] }] } };
    const { sns, delivered } = await start([
      aSubscription({ filter: { policy, scope: 'MessageBody' }, isRaw: true }),
    ]);
    for (const text of ['{"order":{"total":4}}', 'no JSON', '{"order":{"total":5}}']) {
      await sns.publish(topicArn, { text });
    }
    await expect.poll(() => delivered.map(({ payload }) => payload)).toEqual(['{"order":{"total":5}}']);
  });
});

describe('a delivery that fails', () => {
  test('is tried again', async () => {
    let attempts = 0;
    const { sns, clock } = await start([aSubscription()], {
      deliver: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('not now');
      },
    });
    await sns.publish(topicArn, { text: 'x' });
    await expect.poll(() => attempts).toBe(1);
    await clock.advance(1_000);
    await expect.poll(() => attempts).toBe(2);
    await clock.advance(2_000);
    await expect.poll(() => attempts).toBe(3);
  });

  test('for good goes to the dead letter queue with what it carried', async () => {
    const buried: unknown[] = [];
    const deadLetterArn = `${queueArn}-dead`;
    const { sns } = await start([aSubscription({ deadLetterArn, isRaw: true })], {
      deliver: async (_, endpoint, payload, attributes) => {
        if (endpoint === queueArn) throw new ServiceError('QueueDoesNotExist', 'gone');
        buried.push([endpoint, payload, attributes]);
      },
    });
    await sns.publish(topicArn, { text: 'x' });
    await expect
      .poll(() => buried)
      .toEqual([[deadLetterArn, 'x', { ErrorCode: 'QueueDoesNotExist', ErrorMessage: 'gone' }]]);
  });

  test('is made at the next start when the process dies before it', async () => {
    const crashing = await start([aSubscription({ isRaw: true })], { deliver: () => new Promise(() => {}) });
    await crashing.sns.publish(topicArn, { text: 'x' });
    const stateDir = await temporaryFolder();
    await cp(crashing.stateDir, stateDir, { recursive: true });
    const { delivered, stop } = await start([aSubscription({ isRaw: true })], { stateDir });
    await expect.poll(() => delivered).toMatchObject([{ payload: 'x' }]);
    await stop();
    const again = await start([aSubscription({ isRaw: true })], { stateDir });
    await again.sns.publish(topicArn, { text: 'y' });
    await expect.poll(() => again.delivered).toMatchObject([{ payload: 'y' }]);
  });
});

const allNamed = (node: XmlNode, name: string): XmlNode[] =>
  node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...allNamed(child, name)]);

describe('the API', () => {
  const ask = async (form: Record<string, string>) => {
    const running = await start([
      aSubscription(),
      aSubscription({ arn: `${topicArn}:2`, protocol: 'email', endpoint: 'a@example.com' }),
    ]);
    const server = await serve(running.sns.handler, { port: 0 });
    onTestFinished(server.close);
    const response = await fetch(server.url, { method: 'POST', body: new URLSearchParams(form) });
    return { ...running, status: response.status, xml: parseXml(await response.text()) };
  };

  test('publishes with attributes', async () => {
    const { status, xml, delivered } = await ask({
      Action: 'Publish',
      TopicArn: topicArn,
      Message: 'shipped',
      'MessageAttributes.entry.1.Name': 'kind',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'order',
    });
    expect(status).toBe(200);
    const [messageId] = allNamed(xml, 'MessageId');
    await expect
      .poll(() => delivered)
      .toMatchObject([
        { payload: { MessageId: messageId?.text, MessageAttributes: { kind: { Value: 'order' } } } },
      ]);
  });

  test('publishes a batch and answers for each entry', async () => {
    const { xml, delivered } = await ask({
      Action: 'PublishBatch',
      TopicArn: topicArn,
      'PublishBatchRequestEntries.member.1.Id': 'a',
      'PublishBatchRequestEntries.member.1.Message': 'one',
      'PublishBatchRequestEntries.member.2.Id': 'b',
      'PublishBatchRequestEntries.member.2.Message': '',
    });
    const [done] = allNamed(xml, 'Successful');
    const [failed] = allNamed(xml, 'Failed');
    expect(done?.children.map((one) => childText(one, 'Id'))).toEqual(['a']);
    expect(failed?.children.map((one) => [childText(one, 'Id'), childText(one, 'Code')])).toEqual([
      ['b', 'InvalidParameter'],
    ]);
    await expect.poll(() => delivered).toMatchObject([{ payload: { Message: 'one' } }]);
  });

  test('lists topics, subscriptions and attributes', async () => {
    const topics = await ask({ Action: 'ListTopics' });
    expect(allNamed(topics.xml, 'TopicArn').map(({ text }) => text)).toEqual([topicArn]);
    const subscriptions = await ask({ Action: 'ListSubscriptionsByTopic', TopicArn: topicArn });
    expect(allNamed(subscriptions.xml, 'Endpoint').map(({ text }) => text)).toEqual([
      queueArn,
      'a@example.com',
    ]);
    const attributes = await ask({ Action: 'GetTopicAttributes', TopicArn: topicArn });
    const confirmed = allNamed(attributes.xml, 'entry').find(
      (one) => childText(one, 'key') === 'SubscriptionsConfirmed',
    );
    expect(confirmed && childText(confirmed, 'value')).toBe('2');
  });

  test.for([
    {
      form: { Action: 'Publish', TopicArn: `${topicArn}-other`, Message: 'x' },
      status: 404,
      code: 'NotFound',
    },
    {
      form: { Action: 'Publish', PhoneNumber: '+15550100', Message: 'x' },
      status: 400,
      code: 'InvalidParameter',
    },
    { form: { Action: 'PublishBatch', TopicArn: topicArn }, status: 400, code: 'EmptyBatchRequest' },
    { form: { Action: 'CreateTopic', Name: 'more' }, status: 400, code: 'InvalidAction' },
  ])('refuses $form.Action with $code', async ({ form, status, code }) => {
    const fields = Object.entries(form).map(([name, value]) => [name, String(value)]);
    const answer = await ask(Object.fromEntries(fields));
    expect(answer.status).toBe(status);
    expect(allNamed(answer.xml, 'Code').map(({ text }) => text)).toEqual([code]);
  });
});
