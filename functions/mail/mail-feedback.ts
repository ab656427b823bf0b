import * as z from 'zod';
import { type MailIntent, mailTemplates } from '../../domain/mail.ts';

/** Which mail it is, as tags of the mail that SES gives back with whatever it reports of it. */
export type MailTags = Pick<MailIntent, 'subject' | 'template' | 'event'>;

export const mailTagNames = ['subject', 'template', 'event'] as const satisfies (keyof MailTags)[];

const tag = z.tuple([z.string()]).transform(([value]) => value);
const tagsSchema = z.object({
  subject: tag,
  template: z.tuple([z.enum(mailTemplates)]).transform(([value]) => value),
  event: tag,
});

/**
 * The address that we wrote to: the report itself names the mailbox that failed, which is another one where mail is forwarded.
 * Each of our mails has one recipient. `about` is absent of a mail without our tags, which somebody else sent.
 */
const mailSchema = z
  .object({ messageId: z.string(), destination: z.tuple([z.string()]), tags: z.unknown() })
  .transform(({ messageId, destination: [recipient], tags }) => ({
    messageId,
    recipient,
    about: tagsSchema.safeParse(tags).data satisfies MailTags | undefined,
  }));

const timestamp = z.iso.datetime({ offset: true });

/**
 * An event by which SES reports a bounce or a complaint through EventBridge:
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export const mailFeedbackSchema = z
  .object({
    detail: z.discriminatedUnion('eventType', [
      z.object({
        eventType: z.literal('Bounce'),
        mail: mailSchema,
        bounce: z.object({ bounceType: z.string(), timestamp }),
      }),
      z.object({
        eventType: z.literal('Complaint'),
        mail: mailSchema,
        complaint: z.object({ complaintFeedbackType: z.string().nullish(), timestamp }),
      }),
    ]),
  })
  .transform(({ detail }) => detail);
export type MailFeedback = z.infer<typeof mailFeedbackSchema>;
