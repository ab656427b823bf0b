import type { MailBody, OrderMail } from '../mail-model.ts';
import { findingsBlock, numbersBlock, pricedLinesBlock } from '../order-blocks.ts';
import { showAmount } from '../wording/amounts.ts';

const texts = {
  'zh-CN': {
    title: '订单未被接受',
    opening: '很抱歉，我们无法接受以下订单，原因如下。请更正后使用新的单号重新提交。',
    unpaid: '商品没有预留，也没有收取款项。',
    refund: (amount: string) => `我们已收到的 ${amount} 将原路退回。`,
  },
  en: {
    title: 'Order not accepted',
    opening:
      'We are sorry: we cannot accept this order, for the reasons below. Please correct it and send it under a new reference.',
    unpaid: 'No goods are set aside for it, and no money has been taken.',
    refund: (amount: string) => `The ${amount} that we have received will be refunded the way it was paid.`,
  },
};

const heading = { 'zh-CN': '原因', en: 'Reasons' };

/** To the customer, when an order was never accepted. */
export const orderRejected = (mail: OrderMail): MailBody => {
  const { findings, state } = mail.record;
  const { language } = mail.intent;
  const { title, opening, unpaid, refund } = texts[language];
  const refusing = findings.filter(({ severity }) => severity !== 'WARNING');
  const money =
    state.receivedAmount > 0 ? refund(showAmount(state.receivedAmount, state.currency, language)) : unpaid;
  return {
    title,
    blocks: [
      { kind: 'paragraph', text: opening },
      numbersBlock(mail),
      findingsBlock(mail, heading, refusing),
      { kind: 'paragraph', text: money },
      pricedLinesBlock(mail),
    ],
  };
};
