import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { listOf } from '../http/aws-query.ts';
import { ServiceError } from '../http/service-error.ts';

const required = (form: URLSearchParams, name: string): string => {
  const value = form.get(name);
  if (value === null || value === '') {
    throw new ServiceError('ValidationError', `1 validation error detected: Value null at '${name}'.`);
  }
  return value;
};

/** Builds the MIME message of a SendEmail form. */
export const composeMail = (form: URLSearchParams, date: Date): Promise<Buffer> => {
  const recipients = (kind: string) => listOf(form, `Destination.${kind}Addresses.member`);
  const text = form.get('Message.Body.Text.Data');
  const html = form.get('Message.Body.Html.Data');
  if (text === null && html === null) required(form, 'Message.Body.Text.Data');
  const message = {
    from: required(form, 'Source'),
    to: recipients('To'),
    cc: recipients('Cc'),
    replyTo: listOf(form, 'ReplyToAddresses.member'),
    subject: required(form, 'Message.Subject.Data'),
    date,
    ...(text === null ? {} : { text }),
    ...(html === null ? {} : { html }),
  };
  // Nothing is read from disk or fetched on behalf of a message.
  const composer = new MailComposer({ ...message, disableFileAccess: true, disableUrlAccess: true });
  return composer.compile().build();
};

/** Everyone a SendEmail form is addressed to. */
export const formRecipients = (form: URLSearchParams): string[] =>
  ['To', 'Cc', 'Bcc'].flatMap((kind) => listOf(form, `Destination.${kind}Addresses.member`));
