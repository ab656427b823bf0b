import { beforeAll, expect, test } from 'vitest';
import type { AttachedFile } from '../../functions/intake/mail-in/attached-files.ts';
import { readOrderFile } from '../../functions/intake/read-order-file.ts';
import { createReceiveMail } from '../../functions/intake/receive-mail.ts';
import { inboundMailsTable } from '../../functions/shared/inbound-mails-table.ts';
import { partnersTable } from '../../functions/shared/partners-table.ts';
import { loadMasterData } from '../../samples/load-master-data.ts';
import { makeSampleMails, type SampleMail } from '../../samples/mails/make-mails.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { sesHeaders } from '../builders/a-mail.ts';
import { dryRunOrder } from './dry-run-order.ts';

const timeZone = 'Asia/Shanghai';
const now = new Date();
const mails = await makeSampleMails(now, timeZone);

const local = useLocalTarget({ empties: false });
beforeAll(async () => {
  await loadMasterData(local.target);
});

const partners = () => partnersTable(local.target.dynamodb, () => local.target.tables.partners);

/** Takes a sample as the mail service hands it over: sent by whom it says. */
const take = async ({ name, bytes }: SampleMail) => {
  const [from = ''] = /(?<=<)[^<>]+@[^<>]+(?=>)/.exec(bytes.toString()) ?? [];
  const domain = from.split('@')[1];
  const mailId = Buffer.from(name).toString('hex').padEnd(20, '0');
  const stamp = sesHeaders({
    mailId,
    envelopeFrom: from,
    dkim: [`pass header.i=@${domain}`],
    dmarc: `pass header.from=${domain}`,
  });
  const stored = Buffer.concat([Buffer.from(stamp), bytes]);
  const inbox = new Map<string, AttachedFile>();
  const { dynamodb, tables } = local.target;
  const outcome = await createReceiveMail({
    bucket: {
      read: async () => ({ bytes: stored, sizeBytes: stored.length }),
      handIn: async (_bucket, key, file) => void inbox.set(key, file),
      markRefused: async () => {},
    },
    mails: inboundMailsTable(dynamodb, () => tables.orders),
    partners: partners(),
  })({ bucket: 'inbox', key: `mail/${mailId}`, versionId: 'v1' });
  return { outcome, inbox };
};

test.for(mails)('$name comes out as it promises', async (mail) => {
  const { outcome, inbox } = await take(mail);
  if (mail.refusal) {
    expect(outcome).toMatchObject({ outcome: 'refused', refusal: mail.refusal });
    return;
  }
  const { partnerId, name, bytes, expected } = mail.attachment;
  expect([...inbox]).toEqual([[expect.stringContaining(`inbox/${partnerId}/mail/`), { name, bytes }]]);
  const partner = await partners().readPartner(partnerId);
  if (!partner) throw new Error(`no partner ${partnerId}`);
  const { orders } = await readOrderFile(bytes, { partner, now, timeZone });
  const results = await Promise.all(
    orders.map(({ body }) => dryRunOrder(local.target, partnerId, body, now, timeZone)),
  );
  expect(results).toEqual(Array(expected.created).fill({ outcome: 'valid', findings: [] }));
});

test('the mails have the same bytes all day and others the next', async () => {
  const [morning, evening, tomorrow] = await Promise.all(
    ['2026-03-01T17:00:00Z', '2026-03-02T15:00:00Z', '2026-03-02T17:00:00Z'].map((instant) =>
      makeSampleMails(new Date(instant), timeZone),
    ),
  );
  expect(evening).toEqual(morning);
  expect(
    tomorrow?.map(({ bytes }, index) => bytes.equals(morning?.[index]?.bytes ?? Buffer.alloc(0))),
  ).toEqual([false, false, false]);
});
