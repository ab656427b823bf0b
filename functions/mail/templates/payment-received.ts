import type { MailBody, OrderMail } from '../mail-model.ts';
import { deliveryBlock, numbersBlock } from '../order-blocks.ts';
import { paymentOf } from '../payment-of.ts';
import { showAmount } from '../wording/amounts.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: '已收到您的付款',
    thanks: (amount: string) => `我们已收到您的付款 ${amount}，谢谢。`,
    next: '仓库即将备货，发货时会另行通知运单号。',
    received: '本次收款',
    at: '收款时间',
    paymentId: '收款编号',
    total: '累计收款',
    writtenOff: '免收差额',
    payable: '订单金额',
  },
  en: {
    title: 'Payment received',
    thanks: (amount: string) => `Thank you: your payment of ${amount} has arrived.`,
    next: 'The warehouse will prepare your order now; you will get the tracking number when it ships.',
    received: 'This payment',
    at: 'Received',
    paymentId: 'Payment number',
    total: 'Received in all',
    writtenOff: 'Waived',
    payable: 'Order total',
  },
};

/** To the customer, when money for the order has arrived. */
export const paymentReceived = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { receivedAmount, writtenOffAmount, payableAmount, currency, status } = record.state;
  const text = texts[language];
  const show = (minor: number) => showAmount(minor, currency, language);
  const payment = paymentOf(mail);
  const thanks = text.thanks(show(payment?.amountMinor ?? receivedAmount));
  const isNext = status === 'PAID' || status === 'READY_TO_SHIP';
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: isNext ? `${thanks}\n${text.next}` : thanks },
      numbersBlock(
        mail,
        ...(payment
          ? [
              { label: text.received, value: show(payment.amountMinor) },
              { label: text.at, value: showInstant(payment.receivedAt, company.timeZone, language) },
              { label: text.paymentId, value: payment.paymentId },
            ]
          : []),
        { label: text.total, value: show(receivedAmount) },
        ...(writtenOffAmount > 0 ? [{ label: text.writtenOff, value: show(writtenOffAmount) }] : []),
        { label: text.payable, value: show(payableAmount) },
      ),
      deliveryBlock(mail),
    ],
  };
};
