import type { Block } from '../mail-content.ts';
import { isForStaff, type MailBody, type OrderMail } from '../mail-model.ts';
import { findingsBlock, numbersBlock, paymentBlock, pricedLinesBlock } from '../order-blocks.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: '订单有问题需要确认',
    customer: (deadline: string) =>
      `您的订单已妥善保存，但有以下问题需要您确认，处理暂停。请在 ${deadline}前直接回复本邮件，逐条说明如何处理；逾期未答复的订单会自动取消。`,
    staff: (deadline: string) =>
      `以下订单有问题待处理，已挂起。请在 ${deadline}前处理或与客户确认，逾期订单会自动取消。`,
  },
  en: {
    title: 'Questions about your order',
    customer: (deadline: string) =>
      `Your order is safely on file, but we need your word on the points below before we go on. Please reply to this mail before ${deadline} and say for each point what we should do; an order without an answer is cancelled then.`,
    staff: (deadline: string) =>
      `This order is on hold for the points below. Please settle them, or ask the customer, before ${deadline}; the order is cancelled then.`,
  },
};

const heading = { 'zh-CN': '待确认的问题', en: 'To be settled' };
const hourMs = 3_600_000;

/** To the customer or the order desk, when an order is on hold: every open question with both values and a proposal. */
export const clarification = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { content, findings, state } = record;
  const text = texts[intent.language];
  const deadline = new Date(Date.parse(state.statusSince) + content.terms.clarificationHours * hourMs);
  const shown = showInstant(deadline, company.timeZone, intent.language);
  const asked = findings.filter(({ severity }) => severity !== 'WARNING');
  const open = asked.filter((finding) => finding.open);
  const payment: Block[] = open.some(({ code }) => code === 'PAYMENT_MISMATCH') ? [paymentBlock(mail)] : [];
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: isForStaff(mail) ? text.staff(shown) : text.customer(shown) },
      numbersBlock(mail),
      findingsBlock(mail, heading, open.length > 0 ? open : asked),
      ...payment,
      pricedLinesBlock(mail),
    ],
  };
};
