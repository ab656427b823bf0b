import type { MailBody, OrderMail } from '../mail-model.ts';
import { numbersBlock, paymentBlock } from '../order-blocks.ts';
import { showAmount } from '../wording/amounts.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: (amount: string) => `请付款 ${amount}`,
    opening: (due: string | undefined) =>
      `您的订单已确认，商品已预留。请${due ? `在 ${due}前` : '尽快'}付款，并在附言中填写订单号，以便我们核对到账。`,
    late: '逾期未付的订单会自动取消，预留的商品将被释放。',
  },
  en: {
    title: (amount: string) => `Please pay ${amount}`,
    opening: (due: string | undefined) =>
      `Your order is confirmed and the goods are set aside. Please pay ${due ? `before ${due}` : 'soon'} and give the order number as the payment reference, so that we can match your payment.`,
    late: 'An order that is not paid in time is cancelled and its goods go back on sale.',
  },
};

/** To the customer, when an accepted order waits for its payment. */
export const paymentInstructions = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { payableAmount, currency, paymentDueAt } = record.state;
  const { language } = intent;
  const { title, opening, late } = texts[language];
  const due = paymentDueAt && showInstant(paymentDueAt, company.timeZone, language);
  return {
    title: title(showAmount(payableAmount, currency, language)),
    blocks: [
      { kind: 'paragraph', text: opening(due) },
      numbersBlock(mail),
      paymentBlock(mail),
      ...(due ? [{ kind: 'paragraph' as const, text: late }] : []),
    ],
  };
};
