import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { sesMailer } from '../../functions/mail/mailer.ts';

const ses = mockClient(SESClient);
const mailer = sesMailer(
  { sender: 'orders@example.com', configurationSet: 'mails' },
  new SESClient({ region: 'us-east-1' }),
);
const tags = { subject: 'SO-20251014-000001-1', template: 'order-confirmed', event: 'EVENT-000003' } as const;
const raw = Buffer.from('Subject: hello\r\n\r\nhello\r\n');

const anError = (name: string, message = '', status = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

beforeEach(() => ses.reset());

test('sends the raw bytes to the one recipient, in the configuration set, tagged as what it is', async () => {
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
  await expect(mailer.send(raw, 'wang@example.com', tags)).resolves.toEqual({ messageId: 'ses-1' });
  expect(ses.commandCalls(SendRawEmailCommand).map(({ args }) => args[0].input)).toEqual([
    {
      Source: 'orders@example.com',
      Destinations: ['wang@example.com'],
      RawMessage: { Data: raw },
      ConfigurationSetName: 'mails',
      Tags: [
        { Name: 'subject', Value: 'SO-20251014-000001-1' },
        { Name: 'template', Value: 'order-confirmed' },
        { Name: 'event', Value: 'EVENT-000003' },
      ],
    },
  ]);
});

test.for([
  { error: anError('Throttling', 'Maximum sending rate exceeded.'), becomes: 'Retryable' },
  { error: anError('TooManyRequestsException'), becomes: 'Retryable' },
  { error: anError('ServiceUnavailable', '', 503), becomes: 'Retryable' },
  { error: anError('TimeoutError'), becomes: 'Retryable' },
  { error: anError('MessageRejected', 'Address blacklisted.'), becomes: 'MailRefused' },
  { error: anError('InvalidParameterValue', 'Missing final @domain'), becomes: 'MailRefused' },
  { error: anError('MessageRejected', 'Email address is not verified.'), becomes: 'Fatal' },
  { error: anError('AccountSendingPausedException'), becomes: 'Fatal' },
  { error: anError('ConfigurationSetDoesNotExistException'), becomes: 'Fatal' },
])('$error.name "$error.message" is $becomes', async ({ error, becomes }) => {
  ses.on(SendRawEmailCommand).rejects(error);
  await expect(mailer.send(raw, 'wang@example.com', tags)).rejects.toMatchObject({ name: becomes });
});
