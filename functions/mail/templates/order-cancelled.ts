import type { Block } from '../mail-content.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import { numbersBlock, pricedLinesBlock } from '../order-blocks.ts';
import { showAmount } from '../wording/amounts.ts';
import { showInstant } from '../wording/dates.ts';
import { showCancellation } from '../wording/terms.ts';

const texts = {
  'zh-CN': {
    title: '订单已取消',
    opening: '以下订单已取消，商品不会发出。',
    reason: '取消原因',
    note: '说明',
    at: '取消时间',
    refund: (amount: string) =>
      `我们已收到的 ${amount} 将原路退回，退款由财务办理，到账时间以银行或支付平台为准。`,
    nothing: '该订单没有收款，无需退款；请不要再付款。',
  },
  en: {
    title: 'Order cancelled',
    opening: 'This order has been cancelled; nothing will be shipped.',
    reason: 'Reason',
    note: 'Remark',
    at: 'Cancelled',
    refund: (amount: string) =>
      `The ${amount} that we have received will be refunded the way it was paid. Our finance desk sees to it; when it arrives depends on your bank or payment provider.`,
    nothing: 'We have received no money for this order. Please do not pay it any more.',
  },
};

/** To the customer, when the order has ended without delivery: why, and what happens to money already paid. */
export const orderCancelled = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { cancellation, refundDue, receivedAmount, currency, statusSince } = record.state;
  const text = texts[language];
  const reasonCode = cancellation?.reasonCode ?? intent.data.reason;
  const money: Block = {
    kind: 'paragraph',
    text:
      refundDue || receivedAmount > 0
        ? text.refund(showAmount(receivedAmount, currency, language))
        : text.nothing,
  };
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: text.opening },
      numbersBlock(
        mail,
        ...(reasonCode ? [{ label: text.reason, value: showCancellation(reasonCode, language) }] : []),
        ...(cancellation?.note ? [{ label: text.note, value: cancellation.note }] : []),
        { label: text.at, value: showInstant(statusSince, company.timeZone, language) },
      ),
      money,
      pricedLinesBlock(mail),
    ],
  };
};
