import { isForStaff, type MailBody, type OrderMail } from '../mail-model.ts';
import { numbersBlock } from '../order-blocks.ts';
import { paymentOf } from '../payment-of.ts';
import { showAmount } from '../wording/amounts.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: '收款金额与订单不符',
    customer: '我们收到的款项与订单应付金额不符，订单已暂停处理，商品仍为您保留。',
    staff: '收到的款项与订单应付金额不符，订单已挂起，请财务核对。',
    short: (amount: string, orderNumber: string) =>
      `还差 ${amount}。请补足差额，并在附言中填写订单号 ${orderNumber}。`,
    other: '请核对付款的币种和金额，并直接回复本邮件告知我们。',
    payable: '应付金额',
    received: '累计收款',
    latest: '最近一笔',
    at: '收款时间',
    paymentId: '收款编号',
    difference: '差额',
  },
  en: {
    title: 'Payment does not match the order',
    customer:
      'What we have received is not the amount due, so your order has been put on hold. The goods stay set aside for you.',
    staff: 'What has been received is not the amount due. The order is on hold: please check the payment.',
    short: (amount: string, orderNumber: string) =>
      `${amount} is still missing. Please pay the difference and give ${orderNumber} as the payment reference.`,
    other: 'Please check currency and amount of your payment, and tell us by replying to this mail.',
    payable: 'Amount due',
    received: 'Received in all',
    latest: 'Latest payment',
    at: 'Received',
    paymentId: 'Payment number',
    difference: 'Difference',
  },
};

/** To the customer and to finance, when the money does not cover the order. */
export const paymentMismatch = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { orderNumber, receivedAmount, payableAmount, currency } = record.state;
  const text = texts[language];
  const show = (minor: number) => showAmount(minor, currency, language);
  const payment = paymentOf(mail);
  const missing = payableAmount - receivedAmount;
  const isStaff = isForStaff(mail);
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: isStaff ? text.staff : text.customer },
      numbersBlock(
        mail,
        { label: text.payable, value: show(payableAmount) },
        { label: text.received, value: show(receivedAmount) },
        { label: text.difference, value: show(receivedAmount - payableAmount) },
        ...(payment
          ? [
              { label: text.latest, value: showAmount(payment.amountMinor, payment.currency, language) },
              { label: text.at, value: showInstant(payment.receivedAt, company.timeZone, language) },
              { label: text.paymentId, value: payment.paymentId },
            ]
          : []),
      ),
      ...(isStaff
        ? []
        : [
            {
              kind: 'paragraph' as const,
              text: missing > 0 ? text.short(show(missing), orderNumber) : text.other,
            },
          ]),
    ],
  };
};
