import type { Block } from '../mail-content.ts';
import { isForStaff, type MailBody, type OrderMail } from '../mail-model.ts';
import { numbersBlock } from '../order-blocks.ts';
import { paymentOf } from '../payment-of.ts';
import { showAmount } from '../wording/amounts.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: '收款金额与订单不符',
    customer: '我们收到的款项与订单应付金额不符，订单已暂停处理，商品仍为您保留。',
    staff: '收到的款项与订单应付金额不符，订单已挂起，请核对。',
    ended: '该订单已取消或未被接受，但仍收到款项。请核对并办理退款。',
    missing: (amount: string, orderNumber: string) =>
      `还差 ${amount}。请补足差额，并在附言中填写订单号 ${orderNumber}。`,
    unclear: '请核对付款的币种和金额，并直接回复本邮件告知我们。',
    payable: '应付金额',
    received: '累计收款',
    latest: '本次收款',
    at: '收款时间',
    paymentId: '收款编号',
  },
  en: {
    title: 'Payment does not match the order',
    customer:
      'What we have received is not the amount due, so your order has been put on hold. The goods stay set aside for you.',
    staff: 'What has been received is not the amount due. The order is on hold: please check the payment.',
    ended:
      'Money has arrived for an order that was cancelled or never accepted. Please check it and refund it.',
    missing: (amount: string, orderNumber: string) =>
      `${amount} is still missing. Please pay the difference and give ${orderNumber} as the payment reference.`,
    unclear: 'Please check currency and amount of your payment, and tell us by replying to this mail.',
    payable: 'Amount due',
    received: 'Received in all',
    latest: 'This payment',
    at: 'Received',
    paymentId: 'Payment number',
  },
};

/** To finance and the customer, when money and order do not agree. */
export const paymentMismatch = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { orderNumber, receivedAmount, payableAmount, currency, refundDue } = record.state;
  const text = texts[language];
  const show = (minor: number) => showAmount(minor, currency, language);
  const payment = paymentOf(mail);
  const missing = payableAmount - receivedAmount;
  const isStaff = isForStaff(mail);
  const ask: Block = {
    kind: 'paragraph',
    text: missing > 0 ? text.missing(show(missing), orderNumber) : text.unclear,
  };
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: isStaff ? (refundDue ? text.ended : text.staff) : text.customer },
      numbersBlock(
        mail,
        { label: text.payable, value: show(payableAmount) },
        { label: text.received, value: show(receivedAmount) },
        ...(payment
          ? [
              { label: text.latest, value: showAmount(payment.amountMinor, payment.currency, language) },
              { label: text.at, value: showInstant(payment.receivedAt, company.timeZone, language) },
              { label: text.paymentId, value: payment.paymentId },
            ]
          : []),
      ),
      ...(isStaff ? [] : [ask]),
    ],
  };
};
