import { isForStaff, type MailBody, type OrderMail } from '../mail-model.ts';
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
    refund: (amount: string) => `我们已收到的 ${amount} 将原路退回，到账时间以银行或支付平台为准。`,
    staffRefund: (amount: string) => `该订单已收款 ${amount}，请按原支付方式办理退款。`,
    nothing: '该订单没有收款，无需退款；请不要再付款。',
  },
  en: {
    title: 'Order cancelled',
    opening: 'This order has been cancelled; nothing will be shipped.',
    reason: 'Reason',
    note: 'Remark',
    at: 'Cancelled',
    refund: (amount: string) =>
      `The ${amount} that we have received will be refunded the way it was paid; when it arrives depends on your bank or payment provider.`,
    staffRefund: (amount: string) =>
      `${amount} has been received for this order. Please refund it the way it was paid.`,
    nothing: 'We have received no money for this order. Please do not pay it any more.',
  },
};

/** To the customer, and to finance where money is owed back: why the order ended, and what happens to the money. */
export const orderCancelled = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { cancellation, receivedAmount, currency, statusSince } = record.state;
  const text = texts[language];
  const reasonCode = cancellation?.reasonCode ?? intent.data.reason;
  const received = showAmount(receivedAmount, currency, language);
  const refund = isForStaff(mail) ? text.staffRefund(received) : text.refund(received);
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
      { kind: 'paragraph', text: receivedAmount > 0 ? refund : text.nothing },
      pricedLinesBlock(mail),
    ],
  };
};
