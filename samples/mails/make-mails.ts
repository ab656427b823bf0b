import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import MailComposer from 'nodemailer/lib/mail-composer';
import type Mail from 'nodemailer/lib/mailer';
import type { MailRefusal } from '../../domain/uploads/inbound-mail.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { withDays } from '../sample-days.ts';
import type { SampleSpreadsheet } from '../spreadsheets/make-spreadsheets.ts';
import { workbookOf } from '../spreadsheets/make-spreadsheets.ts';

export type SampleMail = {
  name: string;
  /** What it shows. */
  story: string;
  bytes: Buffer;
} & (
  | { refusal: MailRefusal }
  /** The one spreadsheet attached, and what must come of it. */
  | { refusal?: undefined; attachment: Omit<SampleSpreadsheet, 'story'> }
);

/** Equal content makes equal bytes. */
const boundaryOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 24);

const write = (name: string, today: string, mail: Mail.Options): Promise<Buffer> =>
  new MailComposer({
    to: 'orders-in@example.com',
    messageId: `<${today}.${name}@mall.example.com>`,
    date: new Date(`${today}T01:00:00Z`),
    baseBoundary: boundaryOf(name),
    ...mail,
  })
    .compile()
    .build();

/**
 * Mails to the order address, dated from today in the company's zone: the same bytes all day, so that one sent twice
 * makes no second order.
 */
export const makeSampleMails = async (now: Date, timeZone = 'Asia/Shanghai'): Promise<SampleMail[]> => {
  const today = dayIn(timeZone, now);
  const source = await readFile(join(import.meta.dirname, 'orders-by-mail.csv'), 'utf8');
  const workbook = await workbookOf(withDays(source, today));
  const order = { filename: '订单.xlsx', content: workbook };
  return [
    {
      name: 'order-by-mail.eml',
      story: 'A buyer on file sends two orders in a workbook; the signature’s picture is left alone.',
      bytes: await write('order-by-mail', today, {
        from: '示例商城采购 <buyer@mall.example.com>',
        subject: '新订单，请查收',
        html: '<p>您好，附件是今天的两张订单，谢谢！</p><img src="cid:logo">',
        attachments: [order, { filename: 'logo.png', content: 'not a picture', cid: 'logo' }],
      }),
      attachment: {
        name: '订单.xlsx',
        partnerId: 'example-mall',
        bytes: workbook,
        expected: { rows: 3, orders: 2, created: 2, onHold: 0, rejected: 0, example: 0 },
      },
    },
    {
      name: 'order-in-words.eml',
      story: 'A buyer on file writes the order into the mail: answered with how to send it.',
      bytes: await write('order-in-words', today, {
        from: 'Example Imports <purchasing@imports.example.com>',
        subject: 'Order: 200 mugs',
        html: '<p>Please send <b>200 white mugs</b> next week.</p>',
      }),
      refusal: 'SPREADSHEET_MISSING',
    },
    {
      name: 'order-from-a-stranger.eml',
      story: 'Nobody on file: not answered, and listed for the desk.',
      bytes: await write('order-from-a-stranger', today, {
        from: 'A Stranger <stranger@elsewhere.example.com>',
        subject: 'Order',
        text: 'See the attachment.',
        attachments: [order],
      }),
      refusal: 'SENDER_UNKNOWN',
    },
  ];
};
