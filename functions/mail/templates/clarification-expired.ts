import { isBlocking } from '../../../domain/audit/audit-order.ts';
import { statusNames } from '../../../domain/orders/status.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import { findingsBlock, numbersBlock } from '../order-blocks.ts';

const texts = {
  'zh-CN': {
    title: '订单问题逾期未处理',
    cancelled: '客户在期限内没有答复，订单已自动取消。如客户仍需要，请与客户联系后重新下单。',
    escalated: '客户已答复、无需答复或无法联系，但以下问题在期限内没有处理。订单仍然挂起，请尽快处理。',
    status: '当前状态',
    heading: '未处理的问题',
  },
  en: {
    title: 'Questions were not settled in time',
    cancelled:
      'The customer did not answer in time, and the order was cancelled. If it is still wanted, it has to be placed again.',
    escalated:
      'The customer has answered, need not, or cannot be reached, but the points below were not settled in time. The order is still on hold; please decide on them now.',
    status: 'Status',
    heading: 'Not settled',
  },
};

/** To the order desk after the deadline: what became of the order, and what was left open. */
export const clarificationExpired = (mail: OrderMail): MailBody => {
  const { intent, record } = mail;
  const text = texts[intent.language];
  const isCancelled = intent.data.outcome === 'CANCELLED';
  const asked = record.findings.filter((finding) => isBlocking(finding) && !finding.resolution);
  const open = asked.filter((finding) => finding.open);
  const shown = open.length > 0 ? open : asked;
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: isCancelled ? text.cancelled : text.escalated },
      numbersBlock(mail, { label: text.status, value: statusNames[record.state.status][intent.language] }),
      ...(shown.length > 0
        ? [findingsBlock(mail, { 'zh-CN': texts['zh-CN'].heading, en: texts.en.heading }, shown)]
        : []),
    ],
  };
};
