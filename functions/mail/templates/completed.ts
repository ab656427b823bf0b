import type { MailBody, OrderMail } from '../mail-model.ts';
import { numbersBlock, pricedLinesBlock } from '../order-blocks.ts';

const texts = {
  'zh-CN': {
    title: '订单已完成',
    opening: '您的订单已全部送达，感谢您的惠顾。',
    claims: '如商品有破损、缺少或发错，请直接回复本邮件，注明是哪一行，并尽量附上照片。',
  },
  en: {
    title: 'Order completed',
    opening: 'Everything you ordered has been delivered. Thank you for your order.',
    claims:
      'If anything is damaged, missing or wrong, reply to this mail, say which line it is, and add a photograph if you can.',
  },
};

/** To the customer, when everything is delivered. */
export const completed = (mail: OrderMail): MailBody => {
  const { title, opening, claims } = texts[mail.intent.language];
  return {
    title,
    blocks: [
      { kind: 'paragraph', text: opening },
      numbersBlock(mail),
      pricedLinesBlock(mail),
      { kind: 'paragraph', text: claims },
    ],
  };
};
