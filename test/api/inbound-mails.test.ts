import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { InboundMail } from '../../domain/uploads/inbound-mail.ts';
import { createListInboundMails } from '../../functions/api/list-inbound-mails.ts';
import { inboundMailsTable } from '../../functions/shared/inbound-mails-table.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();
const mails = () => inboundMailsTable(at.desk.db, () => tables.orders);

const anInboundMail = (mailId: string, changes: Partial<InboundMail> = {}): InboundMail => ({
  mailId,
  objectKey: `mail/${mailId}`,
  versionId: 'v1',
  sizeBytes: 100,
  sender: 'stranger@elsewhere.example',
  subject: 'Order',
  status: 'REFUSED',
  refusal: 'SENDER_UNKNOWN',
  files: [],
  ignored: [],
  receivedAt: '2026-03-02T08:00:00.000Z',
  ...changes,
});

/** Five refused mails, a minute after the other, and one that was taken. */
beforeAll(async () => {
  for (let minute = 0; minute < 5; minute++)
    await mails().store(
      anInboundMail(`refused${minute}`, { receivedAt: `2026-03-02T08:0${minute}:00.000Z` }),
    );
  const { refusal: _, ...accepted } = anInboundMail('accepted', { status: 'ACCEPTED' });
  await mails().store({ ...accepted, files: ['orders.xlsx'] });
});

const pageSchema = z.object({
  mails: z.array(z.looseObject({ mailId: z.string() })),
  nextCursor: z.string().optional(),
});
const list = async (query: Record<string, string> = {}, principal = asStaff('desk')) =>
  pageSchema.parse((await createListInboundMails({ mails: mails() })(aRequest({ principal, query }))).body);

describe('the list of refused mails', () => {
  test('has the latest first, and not those that were taken', async () => {
    const { mails, nextCursor } = await list({ status: 'refused' });
    expect(mails.map(({ mailId }) => mailId)).toEqual([
      'refused4',
      'refused3',
      'refused2',
      'refused1',
      'refused0',
    ]);
    expect(nextCursor).toBeUndefined();
  });

  test('says who wrote what when and why it was refused, and not where it lies', async () => {
    const { mails } = await list({ limit: '1' });
    expect(mails).toEqual([
      {
        mailId: 'refused4',
        sender: 'stranger@elsewhere.example',
        subject: 'Order',
        sizeBytes: 100,
        status: 'REFUSED',
        refusal: 'SENDER_UNKNOWN',
        files: [],
        ignored: [],
        receivedAt: '2026-03-02T08:04:00.000Z',
      },
    ]);
  });

  test('comes in pages', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: '2', ...(cursor && { cursor }) });
      seen.push(...page.mails.map(({ mailId }) => mailId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['refused4', 'refused3', 'refused2', 'refused1', 'refused0']);
  });

  test('is for the desk and managers', async () => {
    expect((await list({}, asStaff('manager'))).mails).toHaveLength(5);
    for (const principal of [asStaff('finance'), asStaff(), asPartner()])
      await expect(list({}, principal)).rejects.toMatchObject({ status: 403, type: 'forbidden' });
  });

  test.for<Record<string, string>>([
    { status: 'accepted' },
    { limit: '0' },
    { limit: '101' },
    { sender: 'x' },
    { cursor: 'x' },
    { cursor: Buffer.from('{"pk":"ORDER#SO-1","sk":"STATE"}').toString('base64url') },
  ])('is not asked for with %j', async (query) => {
    await expect(list(query)).rejects.toMatchObject({ status: 400, type: 'invalid-parameter' });
  });
});

describe('a mail is remembered', () => {
  test('as it was decided first, and answered once', async () => {
    const answer = { recipient: 'buyer@mall.example.com', language: 'en' as const };
    const first = anInboundMail('twice', { refusal: 'WINMAIL_DAT', partnerId: 'example-mall' });
    expect(await mails().store(first, answer)).toEqual(first);
    expect(await mails().store({ ...first, refusal: 'MAIL_ENCRYPTED' }, answer)).toEqual(first);
    const key = { pk: 'INBOUND_MAIL#twice', sk: 'MAIL#mail-refused#REFUSED#buyer@mall.example.com' };
    expect(await at.desk.outbox.read(key)).toMatchObject({ state: 'PENDING', language: 'en' });
  });
});
