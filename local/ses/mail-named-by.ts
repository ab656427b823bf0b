import { listOf } from '../http/aws-query.ts';
import { formRecipients } from './compose-mail.ts';
import { headerValue, readMessage } from './header-section.ts';

/** Who sends to whom by which configuration set, as the form of a SendEmail or SendRawEmail says it. */
export const mailNamedBy = (form: URLSearchParams) => {
  const raw = form.get('RawMessage.Data');
  const headers = raw === null ? [] : readMessage(Buffer.from(raw, 'base64')).headers;
  const from = form.get('Source') ?? headerValue(headers, 'From');
  const configurationSet =
    form.get('ConfigurationSetName') ?? headerValue(headers, 'X-SES-CONFIGURATION-SET');
  const recipients = raw === null ? formRecipients(form) : listOf(form, 'Destinations.member');
  return {
    ...(from !== undefined && { from }),
    ...(configurationSet !== undefined && { configurationSet }),
    ...(recipients.length > 0 && { recipients }),
  };
};
