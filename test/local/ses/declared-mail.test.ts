import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  ReceiptRuleSet,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { AddHeader, Bounce, BounceTemplate, S3 } from 'aws-cdk-lib/aws-ses-actions';
import { expect, onTestFinished, test } from 'vitest';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { createRegistry } from '../../../local/assembly/registry.ts';
import { declaredMail } from '../../../local/ses/declared-mail.ts';
import { declaredReceiptRules } from '../../../local/ses/declared-receipt-rules.ts';

/** What the CDK makes of a stack. */
const synthesized = (build: (stack: Stack) => void) => {
  const outdir = mkdtempSync(join(tmpdir(), 'declared-mail-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const app = new App({ outdir });
  build(new Stack(app, 'Post'));
  app.synth();
  return createRegistry({
    assembly: readAssembly(outdir),
    place: { region: 'us-east-1', accountId: '000000000000', sqsUrl: '', cognitoUrl: '' },
  });
};

test('a configuration set has its destinations, and an identity its set', () => {
  const registry = synthesized((stack) => {
    const set = new ConfigurationSet(stack, 'Set', {
      configurationSetName: 'desk',
      suppressionReasons: SuppressionReasons.BOUNCES_ONLY,
    });
    set.addEventDestination('Bus', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(stack, 'Default', 'default')),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.OPEN],
    });
    set.addEventDestination('Off', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(stack, 'Same', 'default')),
      enabled: false,
    });
    set.addEventDestination('Metrics', {
      destination: EventDestination.cloudWatchDimensions([]),
    });
    new EmailIdentity(stack, 'Sender', { identity: Identity.domain('example.com'), configurationSet: set });
  });
  expect(declaredMail(registry)).toEqual({
    identities: [{ name: 'example.com', configurationSet: 'desk' }],
    configurationSets: [
      {
        name: 'desk',
        isSendingEnabled: true,
        suppressedReasons: ['BOUNCE'],
        destinations: [
          { name: expect.any(String), eventTypes: ['Bounce', 'Complaint'], target: { kind: 'bus' } },
        ],
      },
    ],
    skipped: [
      expect.stringMatching(/^AWS::SES::ConfigurationSetEventDestination \(.*\): CloudWatchDestination$/),
    ],
  });
});

test('receipt rules stand in the order in which the CDK chains them', () => {
  const registry = synthesized((stack) => {
    const bucket = new Bucket(stack, 'Inbound', { bucketName: 'inbound' });
    const rules = new ReceiptRuleSet(stack, 'Rules', { receiptRuleSetName: 'incoming' });
    rules.addRule('First', {
      recipients: ['orders@in.example.com'],
      scanEnabled: true,
      actions: [
        new AddHeader({ name: 'X-Desk', value: 'orders' }),
        new S3({ bucket, objectKeyPrefix: 'mail/' }),
      ],
    });
    rules.addRule('Second', {
      receiptRuleName: 'others',
      actions: [
        new Bounce({ sender: 'desk@in.example.com', template: BounceTemplate.MAILBOX_DOES_NOT_EXIST }),
      ],
    });
    rules.addRule('Third', { enabled: false });
    new ReceiptRuleSet(stack, 'Spare');
  });
  expect(declaredReceiptRules(registry)).toEqual({
    rules: [
      {
        name: expect.stringContaining('First'),
        recipients: ['orders@in.example.com'],
        isScanning: true,
        actions: [
          { kind: 'addHeader', name: 'X-Desk', value: 'orders' },
          { kind: 's3', bucketName: 'inbound', prefix: 'mail/' },
        ],
      },
      {
        name: expect.any(String),
        recipients: [],
        isScanning: false,
        actions: [
          {
            kind: 'bounce',
            smtpReplyCode: '550',
            statusCode: '5.1.1',
            message: 'Mailbox does not exist',
            sender: 'desk@in.example.com',
          },
        ],
      },
    ],
    skipped: [expect.stringMatching(/^AWS::SES::ReceiptRuleSet \(Spare.*\): not the active one$/)],
  });
});
