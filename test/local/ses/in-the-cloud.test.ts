import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { App, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaHandler, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  CfnReceiptRule,
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  ReceiptRuleSet,
} from 'aws-cdk-lib/aws-ses';
import { S3 } from 'aws-cdk-lib/aws-ses-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { type Cloud, startCloud } from '../../../local/cloud.ts';

let folder: string;
let cloud: Cloud;
const errors: string[] = [];

/** A function that keeps the events it gets, by their detail-type. */
const code = `
exports.handler = async (event) => {
  const kind = event['detail-type'] ?? 'by a topic';
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const seen = { Bucket: process.env.SEEN, Key: kind, Body: JSON.stringify(event) };
  await new S3Client().send(new PutObjectCommand(seen));
};`;

const build = (outdir: string) => {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Post');
  const inbound = new Bucket(stack, 'Inbound', { bucketName: 'inbound', eventBridgeEnabled: true });
  const closed = new Bucket(stack, 'Closed', { bucketName: 'closed' });
  const seen = new Bucket(stack, 'Seen', { bucketName: 'seen' });
  const watcher = new LambdaHandler(stack, 'Watcher', {
    code: Code.fromInline(code),
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    environment: { SEEN: seen.bucketName },
  });
  seen.grantPut(watcher);
  new Rule(stack, 'OnAnything', {
    eventPattern: { source: ['aws.s3', 'aws.ses'] },
    targets: [new LambdaFunction(watcher)],
  });
  const topic = new Topic(stack, 'Arrivals', { displayName: 'Post' });
  topic.addSubscription(new EmailSubscription('clerk@example.com'));
  new Rule(stack, 'OnArrival', {
    eventPattern: { source: ['aws.s3'], detail: { bucket: { name: [inbound.bucketName] } } },
    targets: [new SnsTopic(topic)],
  });
  const complaints = new Topic(stack, 'Complaints');
  complaints.grantPublish(new ServicePrincipal('ses.amazonaws.com'));
  complaints.addSubscription(new LambdaSubscription(watcher));
  const rules = new ReceiptRuleSet(stack, 'Rules');
  const orders = rules.addRule('Orders', {
    recipients: ['orders@in.example.com'],
    scanEnabled: true,
    actions: [new S3({ bucket: inbound, objectKeyPrefix: 'mail/' })],
  });
  new CfnReceiptRule(stack, 'Forbidden', {
    ruleSetName: rules.receiptRuleSetName,
    after: orders.receiptRuleName,
    rule: {
      enabled: true,
      recipients: ['others@in.example.com'],
      actions: [{ s3Action: { bucketName: closed.bucketName } }],
    },
  });
  const configurationSet = new ConfigurationSet(stack, 'Set', { configurationSetName: 'desk' });
  configurationSet.addEventDestination('Bus', {
    destination: EventDestination.eventBus(EventBus.fromEventBusName(stack, 'Default', 'default')),
    events: [EmailSendingEvent.BOUNCE],
  });
  configurationSet.addEventDestination('Topic', {
    destination: EventDestination.snsTopic(complaints),
    events: [EmailSendingEvent.COMPLAINT],
  });
  new EmailIdentity(stack, 'Sender', { identity: Identity.email('desk@example.com'), configurationSet });
  app.synth();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mail-cloud-'));
  build(join(folder, 'cdk.out'));
  cloud = await startCloud({
    cdkOut: join(folder, 'cdk.out'),
    stateDir: join(folder, 'state'),
    port: 0,
    log: (line) => errors.push(line),
  });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const eventSeen = async (detailType: string): Promise<unknown> =>
  JSON.parse(await readFile(join(cloud.bucketFolder('seen'), detailType), 'utf8').catch(() => 'null'));

const raw = Buffer.from(
  'From: li.wei@example.net\r\nTo: orders@in.example.com\r\nSubject: Order\r\n\r\ntwo mugs\r\n',
);

test('a mail from outside becomes an object, and its event reaches the function', async () => {
  const { messageId } = await cloud.receiveMail(raw, {
    from: 'li.wei@example.net',
    to: ['orders@in.example.com'],
  });
  const kept = await readFile(join(cloud.bucketFolder('inbound'), 'mail', messageId), 'utf8');
  expect(kept).toMatch(/^Return-Path: <li\.wei@example\.net>\r\n/);
  expect(kept).toMatch(/two mugs\r\n$/);
  await expect
    .poll(() => eventSeen('Object Created'), { timeout: 10_000 })
    .toMatchObject({
      source: 'aws.s3',
      detail: { object: { key: `mail/${messageId}` }, requester: 'ses.amazonaws.com' },
    });
});

test('a bucket that does not let SES in keeps nothing', async () => {
  const received = cloud.receiveMail(raw, { from: 'li.wei@example.net', to: ['others@in.example.com'] });
  await expect(received).rejects.toThrow('s3:PutObject');
  expect(await readdir(cloud.bucketFolder('closed'))).toEqual([]);
});

test('a mail to nobody here is refused', async () => {
  const received = cloud.receiveMail(raw, { from: 'li.wei@example.net', to: ['who@in.example.com'] });
  await expect(received).rejects.toThrow('550 5.1.1');
});

const send = async (to: string) => {
  const client = new SESClient({
    endpoint: cloud.endpoints.AWS_ENDPOINT_URL_SES,
    region: cloud.region,
    credentials: cloud.credentials,
  });
  const Data = Buffer.from(`From: desk@example.com\r\nTo: ${to}\r\n\r\nx`);
  const { MessageId } = await client.send(new SendRawEmailCommand({ RawMessage: { Data } }));
  client.destroy();
  return MessageId;
};

test('a bounce of a mail sent by the identity’s set reaches the rule on the bus', async () => {
  const MessageId = await send('bounce@simulator.amazonses.com');
  await expect
    .poll(() => eventSeen('Email Bounced'), { timeout: 10_000 })
    .toMatchObject({ source: 'aws.ses', detail: { mail: { messageId: MessageId } } });
});

test('a rule tells a topic, and the topic a mail address', async () => {
  await expect
    .poll(async () => (await fetch(`${cloud.inboxUrl}/messages.json`)).json(), { timeout: 10_000 })
    .toContainEqual(
      expect.objectContaining({
        to: ['clerk@example.com'],
        from: 'no-reply@sns.amazonaws.com',
        subject: 'AWS Notification Message',
        text: expect.stringContaining('"detail-type":"Object Created"'),
      }),
    );
});

test('a complaint goes to the topic of the set, and on to a function', async () => {
  const MessageId = await send('complaint@simulator.amazonses.com');
  await expect.poll(() => eventSeen('by a topic'), { timeout: 10_000 }).not.toBeNull();
  const [record] = z
    .object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) })
    .parse(await eventSeen('by a topic')).Records;
  expect(JSON.parse(record?.Sns.Message ?? '')).toMatchObject({
    eventType: 'Complaint',
    mail: { messageId: MessageId },
  });
});
