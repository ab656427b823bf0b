import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { listOf } from '../http/aws-query.ts';
import { ServiceError } from '../http/service-error.ts';
import { toAddress, toHeaderText } from './parse-mail.ts';

const required = (form: URLSearchParams, name: string): string => {
  const value = form.get(name);
  if (value === null || value === '') {
    throw new ServiceError('ValidationError', `1 validation error detected: Value null at '${name}'.`);
  }
  return value;
};

/** Everyone a SendEmail form is addressed to. */
export const formRecipients = (form: URLSearchParams): string[] =>
  ['To', 'Cc', 'Bcc'].flatMap((kind) => listOf(form, `Destination.${kind}Addresses.member`));

/** Builds the MIME message of a SendEmail form; an address or a subject that would begin another header is refused. */
export const composeMail = (form: URLSearchParams): Promise<Buffer> => {
  const text = form.get('Message.Body.Text.Data');
  const html = form.get('Message.Body.Html.Data');
  if (text === null && html === null) required(form, 'Message.Body.Text.Data');
  const from = required(form, 'Source');
  const replyTo = listOf(form, 'ReplyToAddresses.member');
  for (const address of [from, ...replyTo, ...formRecipients(form)]) toAddress(address);
  const composer = new MailComposer({
    from,
    to: listOf(form, 'Destination.ToAddresses.member'),
    cc: listOf(form, 'Destination.CcAddresses.member'),
    replyTo,
    subject: toHeaderText('Subject', required(form, 'Message.Subject.Data')),
    ...(text === null ? {} : { text }),
    ...(html === null ? {} : { html }),
    // Nothing is read from disk or fetched on behalf of a message.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
};
