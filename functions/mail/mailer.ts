import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { classifyError, Fatal } from '../shared/classify-error.ts';
import { type MailTags, mailTagNames } from './mail-feedback.ts';

/** Sends the raw bytes of one mail, with tags by which what comes back is known. Throws MailRefused, Retryable or Fatal. */
export type Mailer = { send(raw: Buffer, to: string, tags: MailTags): Promise<{ messageId: string }> };

/** This mail will never be accepted, whatever is tried; `code` is the service's name for why. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  readonly code: string;
  constructor(code: string, cause?: unknown) {
    super(`mail refused: ${code}`, { cause });
    this.code = code;
  }
}

/**
 * What the service says of this one mail or address, not of our account: an unverified sender or the sandbox also
 * answer MessageRejected, but end when somebody sets the account right.
 */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error &&
  ['MessageRejected', 'InvalidParameterValue'].includes(error.name) &&
  !/not verified/i.test(error.message);

let client: SESClient | undefined;

/** With the SDK's own few tries: more of them, for each of ten mails, would outlast the function; the stream tries for hours. */
const sesClient = (): SESClient => {
  client ??= new SESClient({});
  return client;
};

/** Amazon SES, with bounces and complaints followed by a configuration set. */
export const sesMailer = (
  { sender, configurationSet }: { sender: string; configurationSet: string },
  ses: SESClient = sesClient(),
): Mailer => ({
  send: async (raw, to, tags) => {
    try {
      const { MessageId } = await ses.send(
        new SendRawEmailCommand({
          Source: sender,
          Destinations: [to],
          RawMessage: { Data: raw },
          ConfigurationSetName: configurationSet,
          Tags: mailTagNames.map((Name) => ({ Name, Value: tags[Name] })),
        }),
      );
      if (!MessageId) throw new Fatal('SES answered without a message id');
      return { messageId: MessageId };
    } catch (error) {
      throw isRefusal(error) ? new MailRefused(error.name, error) : classifyError(error);
    }
  },
});
