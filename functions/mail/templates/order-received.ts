import type { MailBody, OrderMail } from '../mail-model.ts';
import { deliveryBlock, numbersBlock, pricedLinesBlock } from '../order-blocks.ts';

const texts = {
  'zh-CN': {
    title: '已收到您的订单',
    opening:
      '我们已收到您的订单，正在核对商品、价格和库存。核对完成后会再发邮件确认；如有疑问，我们会先与您联系。',
  },
  en: {
    title: 'We have received your order',
    opening:
      'We have received your order and are checking articles, prices and stock. We will confirm it in a further mail, or ask you first if anything is unclear.',
  },
};

/** To the customer, when an order came in by mail or form. */
export const orderReceived = (mail: OrderMail): MailBody => {
  const { title, opening } = texts[mail.intent.language];
  return {
    title,
    blocks: [
      { kind: 'paragraph', text: opening },
      numbersBlock(mail),
      pricedLinesBlock(mail),
      deliveryBlock(mail),
    ],
  };
};
