import * as z from 'zod';
import type { DeskView, MailFile } from '../invariants/desk-view.ts';
import type { DeskEyes, LevelRow } from './desk-eyes.ts';
import type { People } from './people.ts';
import type { Story } from './stories.ts';

const partnerId = 'example-mall';
const listSchema = z.object({ orders: z.array(z.object({ orderNumber: z.string() })) });

/** What stood on the desk before a story began. */
export type Before = { at: Date; levels: LevelRow[]; mails: ReadonlySet<string> };

export const lookBefore = async (eyes: DeskEyes, now: number): Promise<Before> => ({
  at: new Date(now),
  levels: await eyes.levels(),
  mails: await eyes.mailNames(),
});

/** Copies that a struck call explains are left out: as many as there were such calls, and never a mail's marked one. */
const withoutExplained = (
  mails: readonly MailFile[],
  marked: ReadonlySet<string>,
  copies: number,
): MailFile[] => {
  const seen = new Set<string>();
  let left = copies;
  const markedFirst = mails.toSorted(
    (a, b) => Number(marked.has(b.messageId)) - Number(marked.has(a.messageId)),
  );
  return markedFirst.filter(({ reference }) => {
    const isCopy = seen.has(reference);
    seen.add(reference);
    if (isCopy) left -= 1;
    return !isCopy || left < 0;
  });
};

const messageIdSchema = z.object({ messageId: z.string() });

/** What partners are shown of orders that changed since. */
export const listsSince = async (people: People, since: Date): Promise<DeskView['lists']> => {
  const listed = async (who: People['mall']) => {
    const { body } = await who.get(`/v1/orders?limit=100&updatedSince=${since.toISOString()}`);
    return listSchema.parse(body).orders.map(({ orderNumber }) => orderNumber);
  };
  return [
    { partnerId, orderNumbers: await listed(people.mall) },
    { partnerId: 'example-imports', orderNumbers: await listed(people.stranger) },
  ];
};

/** All but what partners are shown. */
export type SeenByOperator = Omit<DeskView, 'lists'>;

/** What the operator sees of one story: its own rows, and of the stock what has changed meanwhile. */
export const lookAtStory = async (
  eyes: DeskEyes,
  story: Story,
  before: Before,
  explainedCopies: number,
): Promise<SeenByOperator> => {
  const since = new Date(before.at);
  const numbers = await eyes.ordersSince(partnerId, since);
  const orderRows = [
    ...(await eyes.partitions([
      ...numbers.map((orderNumber) => `ORDER#${orderNumber}`),
      ...story.references.map((reference) => `REFERENCE#${partnerId}#${reference}`),
      ...(story.sendsFile ? await eyes.uploadsSince(since) : []).map((uploadId) => `UPLOAD#${uploadId}`),
    ])),
    ...(await Promise.all(story.answers.map(({ key }) => eyes.idempotencyRow(partnerId, key)))).flat(),
  ];
  const marked = orderRows.flatMap((row) => messageIdSchema.safeParse(row).data?.messageId ?? []);
  return {
    orderRows,
    stockRows: [
      ...(await eyes.levels()),
      ...(await eyes.reservations(numbers)),
      ...before.levels.map(({ sku, onHand }) => ({
        pk: `SKU#${sku}`,
        sk: 'RECEIPT#BEFORE',
        entity: 'RECEIPT',
        sku,
        quantity: onHand,
      })),
    ],
    executions: [
      ...(await Promise.all(numbers.map(eyes.orderExecution))).flat(),
      ...(await eyes.uploadExecutionsSince(since)),
    ],
    mailFiles: withoutExplained(await eyes.mailsSince(before.mails), new Set(marked), explainedCopies),
    documents: (await Promise.all(numbers.map(eyes.documentsOf))).flat(),
    answers: story.answers,
    interruptions: [],
  };
};
