import { ServiceError } from '../http/service-error.ts';
import { headerValue, type Message } from './header-section.ts';
import { toAddress } from './parse-mail.ts';

const largestMessageBytes = 10 * 1024 * 1024;
const mostRecipients = 50;
const mostTags = 50;

const refuse = (message: string) => new ServiceError('InvalidParameterValue', message);

// biome-ignore format: a list to look up
const once = new Set([
  'accept-language', 'acceptlanguage', 'archived-at', 'auto-submitted', 'bcc', 'bounces-to', 'cc', 'comments',
  'content-alternative', 'content-base', 'content-class', 'content-description', 'content-disposition',
  'content-duration', 'content-id', 'content-language', 'content-length', 'content-location', 'content-md5',
  'content-transfer-encoding', 'content-type', 'date', 'delivered-to', 'disposition-notification-options',
  'disposition-notification-to', 'dkim-signature', 'domainkey-signature', 'errors-to', 'from', 'importance',
  'in-reply-to', 'keywords', 'list-archive', 'list-help', 'list-id', 'list-owner', 'list-post', 'list-subscribe',
  'list-unsubscribe', 'message-context', 'message-id', 'mime-version', 'organization', 'original-from',
  'original-message-id', 'original-recipient', 'original-subject', 'precedence', 'priority', 'references',
  'reply-to', 'return-path', 'return-receipt-to', 'sender', 'sensitivity', 'solicitation', 'subject',
  'thread-index', 'thread-topic', 'to', 'user-agent', 'vbr-info',
]);

export const checkSize = (raw: Buffer): void => {
  if (raw.length <= largestMessageBytes) return;
  throw refuse(`Message length is more than ${largestMessageBytes} bytes long: '${raw.length}'.`);
};

/** Refuses a message whose header section does not stand up. */
export const checkHeaders = ({ headers }: Message): void => {
  const seen = new Set<string>();
  for (const { name, text } of headers) {
    const lowerCase = name.toLowerCase();
    if (name === '') throw refuse(`Malformed header line: '${text.slice(0, 80)}'.`);
    if (seen.has(lowerCase) && once.has(lowerCase)) throw refuse(`Duplicate header '${name}'.`);
    seen.add(lowerCase);
  }
  if (!seen.has('from')) throw refuse("Missing required header 'From'.");
};

/** The addresses that a message goes to, taken out of their names. */
export const checkRecipients = (recipients: readonly string[]): string[] => {
  if (recipients.length === 0) throw refuse('Missing final recipient.');
  if (recipients.length > mostRecipients) throw refuse(`Recipient count exceeds ${mostRecipients}.`);
  return recipients.map(toAddress);
};

export type MessageTags = Record<string, string[]>;

const tagForm = /^[A-Za-z0-9_.@-]{1,256}$/;

const readTagHeader = (text: string): [string, string][] =>
  text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), value.join('=').trim()];
    });

/** The tags of a request and of the header X-SES-MESSAGE-TAGS, as events show them. */
export const readMessageTags = (asked: readonly [string, string][], { headers }: Message): MessageTags => {
  const tags = [...asked, ...readTagHeader(headerValue(headers, 'x-ses-message-tags') ?? '')];
  if (tags.length > mostTags) throw refuse(`Message contains more than ${mostTags} tags.`);
  for (const [name, value] of tags) {
    if (!tagForm.test(name))
      throw refuse(
        `Invalid tag name <${name}>: only alphanumeric ASCII characters, '_', '-', '.' and '@' are allowed.`,
      );
    if (!tagForm.test(value))
      throw refuse(
        `Invalid tag value <${value}>: only alphanumeric ASCII characters, '_', '-', '.' and '@' are allowed.`,
      );
  }
  return Object.fromEntries(tags.map(([name, value]) => [name, [value]]));
};
