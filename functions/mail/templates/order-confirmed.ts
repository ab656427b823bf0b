import { shortfallOf } from '../../../domain/payments/write-off.ts';
import { isPrepaid } from '../../../domain/submissions/order-schema.ts';
import type { Block } from '../mail-content.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import {
  deliveryBlock,
  findingsBlock,
  numbersBlock,
  paymentBlock,
  pricedLinesBlock,
} from '../order-blocks.ts';

const texts = {
  'zh-CN': {
    title: '订单已确认',
    unpaid: '您的订单已核对无误，商品已为您预留。收到款项后我们立即安排发货，付款信息见下。',
    accepted: '您的订单已核对无误，仓库即将备货，发货时会另行通知运单号。',
  },
  en: {
    title: 'Order confirmed',
    unpaid:
      'We have checked your order and set the goods aside for you. We will ship as soon as your payment has arrived; how to pay stands below.',
    accepted:
      'We have checked your order and the warehouse will prepare it now. You will get the tracking number when it ships.',
  },
};

const remarks = { 'zh-CN': '请留意', en: 'Please note' };

/** To the customer, when the order is accepted: lines, totals, dates, and what we noticed. */
export const orderConfirmed = (mail: OrderMail): MailBody => {
  const { state, findings } = mail.record;
  const { title, unpaid, accepted } = texts[mail.intent.language];
  const isUnpaid = isPrepaid(state.paymentMethod) && shortfallOf(state) > 0;
  const warnings = findings.filter(({ severity }) => severity === 'WARNING');
  const noted: Block[] = warnings.length > 0 ? [findingsBlock(mail, remarks, warnings)] : [];
  return {
    title,
    blocks: [
      { kind: 'paragraph', text: isUnpaid ? unpaid : accepted },
      numbersBlock(mail),
      pricedLinesBlock(mail),
      ...(isUnpaid ? [paymentBlock(mail)] : []),
      deliveryBlock(mail),
      ...noted,
    ],
  };
};
