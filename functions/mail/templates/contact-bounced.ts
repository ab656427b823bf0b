import * as z from 'zod';
import { undeliveredReasonSchema } from '../../../domain/customers/contacts.ts';
import { isOpenQuestion } from '../../../domain/findings/findings.ts';
import { addressOf, contactRoleSchema } from '../../../domain/orders/contact-bounced.ts';
import { statusNames } from '../../../domain/orders/status.ts';
import type { Language, Text } from '../../../domain/values/languages.ts';
import type { Block, Fact } from '../mail-content.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import { deliveryBlock, findingsBlock, numbersBlock } from '../order-blocks.ts';
import { showContact } from '../wording/terms.ts';

const dataSchema = z.object({
  to: contactRoleSchema,
  reason: undeliveredReasonSchema,
  template: z.string(),
  sentTo: contactRoleSchema.optional(),
});

const texts = {
  'zh-CN': {
    title: '邮件未送达，请联系收件人',
    BOUNCED: '以下订单的一封邮件被对方邮件服务器永久退回。请用电话等其他方式联系对方，并更正邮箱地址。',
    COMPLAINED:
      '以下订单的收件人把我们的邮件标记为垃圾邮件，此后的邮件不会再送达。请用电话等其他方式联系对方。',
    waiting: '订单正在等待客户答复，而客户没有收到问题：请代为询问。逾期不会自动取消，订单会继续挂起。',
    status: '当前状态',
    whose: '收件人',
    address: '邮箱地址',
    mail: '邮件',
    sentTo: '已改发给',
    nobody: '没有其他邮箱可用',
  },
  en: {
    title: 'A mail did not arrive: reach its reader another way',
    BOUNCED:
      'The mail server of the recipient turned away a mail about this order for good. Please reach them another way, by telephone for one, and correct the address.',
    COMPLAINED:
      'The recipient of a mail about this order called it spam, and no further mail will arrive there. Please reach them another way, by telephone for one.',
    waiting:
      'The order waits for an answer of its customer, who has not heard the question: please ask. It is not cancelled for want of an answer but stays on hold.',
    status: 'Status',
    whose: 'Recipient',
    address: 'Address',
    mail: 'Mail',
    sentTo: 'Sent instead to',
    nobody: 'nobody: no other address is known',
  },
};

const heading: Text = { 'zh-CN': '未解决的问题', en: 'Open findings' };

/** To the order desk, once for each contact of an order that mail does not arrive at. */
export const contactBounced = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { state, content } = record;
  const text = texts[language];
  const { to, reason, template, sentTo } = dataSchema.parse(intent.data);
  const address = addressOf(to, content, company);
  const open = record.findings.filter(isOpenQuestion);
  const isWaiting = to === 'CUSTOMER' && state.status === 'ON_HOLD' && open.length > 0;
  const facts: Fact[] = [
    { label: text.status, value: statusNames[state.status][language] },
    { label: text.whose, value: showContact(to, language) },
    ...(address ? [{ label: text.address, value: address }] : []),
    { label: text.mail, value: template },
    ...(reason === 'BOUNCED'
      ? [{ label: text.sentTo, value: sentTo ? showContact(sentTo, language) : text.nobody }]
      : []),
  ];
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: text[reason] },
      numbersBlock(mail, ...facts),
      deliveryBlock(mail),
      ...(isWaiting ? waitingBlocks(mail, language) : []),
    ],
  };
};

const waitingBlocks = (mail: OrderMail, language: Language): Block[] => [
  { kind: 'paragraph', text: texts[language].waiting },
  findingsBlock(mail, heading, mail.record.findings.filter(isOpenQuestion)),
];
