import type { MailTemplate } from '../../../domain/mail.ts';
import { eventId } from '../../../functions/shared/order-rows.ts';
import { type Desk, type MailFile, type MailRow, nameOf, repeated } from './desk-view.ts';

/** What its customer has to be told of an event, in the event's own transaction. */
const mailOfEvent: Readonly<Record<string, MailTemplate>> = {
  'order.confirmed': 'order-confirmed',
  'order.shipped': 'shipped',
  'order.delivery_exception': 'delivery-exception',
  'order.cancelled': 'order-cancelled',
  'order.rejected': 'order-rejected',
  'order.completed': 'completed',
  'invoice.issued': 'invoice-issued',
};

/** Mails that one recipient gets once about one order. */
const oncePerOrder: readonly MailTemplate[] = [
  'order-received',
  'order-confirmed',
  'warehouse-pick',
  'invoice-issued',
  'completed',
  'order-cancelled',
  'order-rejected',
];

const intents = ({ mails }: Desk): string[] => [
  ...repeated(
    mails,
    ({ subject, template, event, recipient }) => `${subject}: ${template} of ${event} to ${recipient}`,
  ).map(([mail, same]) => `${mail} is asked for by ${same.map(nameOf).join(' and ')}`),
  ...repeated(
    mails.filter(({ template }) => oncePerOrder.includes(template)),
    ({ subject, template, recipient }) => `${subject}: ${template} to ${recipient}`,
  ).map(([mail, same]) => `${mail} is asked for more than once: ${same.map(nameOf).join(' and ')}`),
];

const eventsAndMails = ({ orders, mails, uploads }: Desk): string[] => {
  const events = new Set([
    ...orders.flatMap(({ state, events }) =>
      events.map(({ sequence }) => `${state.orderNumber} ${eventId(sequence)}`),
    ),
    ...uploads.map(({ uploadId }) => `${uploadId} RESULT`),
  ]);
  const told = new Set(mails.map(({ subject, event, template }) => `${subject} ${event} ${template}`));
  return [
    ...mails
      .filter(({ subject, event }) => !events.has(`${subject} ${event}`))
      .map((mail) => `${nameOf(mail)} tells of an event that is not on file`),
    ...orders.flatMap(({ state: { orderNumber }, events }) =>
      events.flatMap(({ sequence, type }) => {
        const template = mailOfEvent[type];
        return !template || told.has(`${orderNumber} ${eventId(sequence)} ${template}`)
          ? []
          : [`${orderNumber}: nobody is told of ${type} (EVENT#${sequence}) by ${template}`];
      }),
    ),
  ];
};

const wasSent = ({ state, refusal }: MailRow) => state === 'SENT' || refusal !== undefined;

const sending = ({ mails, mailFiles }: Desk): string[] => {
  const files = new Set(mailFiles.map(({ messageId }) => messageId));
  return mails.flatMap((mail) => [
    ...(wasSent(mail) ? [] : [`${nameOf(mail)} was never sent`]),
    ...(wasSent(mail) && mail.openStatus ? [`${nameOf(mail)} is sent and still in line`] : []),
    ...(mail.state === 'SENT' && !files.has(mail.messageId ?? '')
      ? [`${nameOf(mail)} is marked as sent and never left`]
      : []),
  ]);
};

/** The mail that was under way at each interruption: the newest one, for the mailer sends one at a time. */
const interruptedMails = ({ mailFiles, interruptions }: Desk): Set<MailFile | undefined> => {
  const ordered = mailFiles.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return new Set(interruptions.map((moment) => ordered.findLast(({ at }) => at <= moment)));
};

const copies = (desk: Desk): string[] => {
  const asked = new Map(desk.mails.map((mail) => [mail.messageId, mail]));
  const interrupted = interruptedMails(desk);
  return [...Map.groupBy(desk.mailFiles, ({ reference }) => reference)].flatMap(([reference, files]) => {
    const mail = files.map(({ messageId }) => asked.get(messageId)).find((found) => found !== undefined);
    if (!mail) return [`the mail ${reference} left and nobody asked for it`];
    const unexplained = files.filter((file) => file.messageId !== mail.messageId && !interrupted.has(file));
    return unexplained.length === 0
      ? []
      : [`${nameOf(mail)} left ${files.length} times, though nothing came between its sending and its mark`];
  });
};

/** I4: one mail for each order, event and recipient, sent; a second copy only where a mailer was interrupted. */
export const mailsOnce = (desk: Desk): string[] => [
  ...intents(desk),
  ...eventsAndMails(desk),
  ...sending(desk),
  ...copies(desk),
];
