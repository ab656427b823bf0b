import type { MailBody, OrderMail } from '../mail-model.ts';
import { deliveryBlock, findingsBlock, numbersBlock } from '../order-blocks.ts';

const texts = {
  'zh-CN': {
    title: '出库单与订单不一致，暂停发货',
    opening: '出库单与订单有以下差异，货物暂时不能发出。请核对后按订单重新配货，或联系订单服务台更正订单。',
    slip: '出库单号',
  },
  en: {
    title: 'Outbound slip differs from the order: do not ship',
    opening:
      'The outbound slip differs from the order as listed below, so the goods must not leave yet. Please pack as ordered and send a new slip, or ask the order desk to correct the order.',
    slip: 'Outbound slip',
  },
};

const heading = { 'zh-CN': '差异', en: 'Differences' };

/** To the warehouse and the order desk, when a slip blocks dispatch: each field with both values. */
export const slipMismatch = (mail: OrderMail): MailBody => {
  const { slips, state } = mail.record;
  const { title, opening, slip } = texts[mail.intent.language];
  const slipId = mail.intent.data.slipId ?? state.slip?.slipId;
  const stored = slips.find((candidate) => candidate.slip.slipId === slipId);
  return {
    title,
    blocks: [
      { kind: 'paragraph', text: opening },
      numbersBlock(mail, ...(slipId ? [{ label: slip, value: slipId }] : [])),
      findingsBlock(mail, heading, stored?.findings ?? []),
      deliveryBlock(mail),
    ],
  };
};
