import { waitingFindings } from '../../../domain/findings/bounded-findings.ts';
import { earliestDue, questionsForDesk } from '../../../domain/findings/clarification.ts';
import { questionsFor } from '../../../domain/findings/finding-audience.ts';
import { findingSentence } from '../../../domain/findings/finding-messages.ts';
import type { Text } from '../../../domain/values/languages.ts';
import type { Block } from '../mail-content.ts';
import { isForStaff, type MailBody, type OrderMail } from '../mail-model.ts';
import { findingsBlock, numbersBlock, paymentBlock, pricedLinesBlock } from '../order-blocks.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: '订单有问题需要确认',
    reminder: '提醒：订单仍有问题待确认',
    customer: (deadline: string) =>
      `您的订单已妥善保存，但有以下问题需要您确认，处理暂停。请在 ${deadline}前答复；逾期未答复的订单会自动取消。`,
    byLink: '请点击下面的链接逐条答复，无需登录。链接只能使用一次，请勿转发。',
    byReply: '请直接回复本邮件，逐条说明如何处理。',
    button: '答复问题',
    staff: (deadline: string) =>
      `以下订单有问题待订单服务台处理，已挂起。请在 ${deadline}前在服务台处理或询问客户。`,
    answered: '问题已经答复，无需再处理。',
  },
  en: {
    title: 'Questions about your order',
    reminder: 'Reminder: questions about your order',
    customer: (deadline: string) =>
      `Your order is safely on file, but we need your word on the points below before we go on. Please answer before ${deadline}; an order without an answer is cancelled then.`,
    byLink:
      'Please follow the link below and answer each point; you need not sign in. The link works once, please do not pass it on.',
    byReply: 'Please reply to this mail and say for each point what we should do.',
    button: 'Answer the questions',
    staff: (deadline: string) =>
      `This order is on hold for points that the order desk must settle. Please decide on them, or ask the customer, before ${deadline}.`,
    answered: 'The questions have been answered; nothing is left to do.',
  },
};

const heading: Text = { 'zh-CN': '待确认的问题', en: 'To be settled' };
const hourMs = 3_600_000;

/** To the customer with a link to answer by, or to the order desk: only the open questions that the reader can answer. */
export const clarification = (
  mail: OrderMail,
  template: 'clarification' | 'clarification-reminder',
): MailBody => {
  const { company, intent, record, answerUrl } = mail;
  const { content, findings, state } = record;
  const text = texts[intent.language];
  const isStaff = isForStaff(mail);
  const open = isStaff ? questionsForDesk(record) : questionsFor(findings, 'customer');
  const last = new Date(Date.parse(state.statusSince) + content.terms.clarificationHours * hourMs);
  const deadline = showInstant(earliestDue(open) ?? last, company.timeZone, intent.language);
  const payment: Block[] = open.some(({ code }) => code === 'PAYMENT_MISMATCH') ? [paymentBlock(mail)] : [];
  const title = template === 'clarification' ? text.title : text.reminder;
  if (open.length === 0)
    return { title, blocks: [{ kind: 'paragraph', text: text.answered }, numbersBlock(mail)] };
  return {
    title,
    blocks: [
      { kind: 'paragraph', text: isStaff ? text.staff(deadline) : text.customer(deadline) },
      numbersBlock(mail),
      findingsBlock(mail, heading, open),
      ...waitingFindings(findings).map(
        (finding): Block => ({ kind: 'paragraph', text: findingSentence(finding, intent.language) }),
      ),
      ...payment,
      ...(isStaff ? [] : answerBlocks(text, answerUrl)),
      pricedLinesBlock(mail),
    ],
  };
};

const answerBlocks = (text: (typeof texts)['en'], url: string | undefined): Block[] =>
  url
    ? [
        { kind: 'paragraph', text: text.byLink },
        { kind: 'link', label: text.button, url },
      ]
    : [{ kind: 'paragraph', text: text.byReply }];
