import type { OrderLine } from '../../../domain/orders/order.ts';
import type { Block } from '../mail-content.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import { deliveryBlock, numbersBlock, quantitiesBlock } from '../order-blocks.ts';

const texts = {
  'zh-CN': {
    title: '请备货',
    opening: '以下订单可以备货。请按明细配货，打包后提交出库单；出库单核对一致后才能发货。',
    partial: '允许分批发货',
    yes: '是',
    no: '否，请一次发齐',
    line: (id: string) => `第 ${id} 行`,
    notes: '订单备注',
  },
  en: {
    title: 'Please pick',
    opening:
      'This order is ready to be picked. Please pack what is listed and send the outbound slip; the goods may leave when the slip agrees with the order.',
    partial: 'Partial delivery',
    yes: 'allowed',
    no: 'not allowed: ship everything at once',
    line: (id: string) => `Line ${id}`,
    notes: 'Notes on the order',
  },
};

const lines = { 'zh-CN': '配货明细', en: 'To be packed' };
const remarks = { 'zh-CN': '备注与定制要求', en: 'Notes and customization' };

const remarkOf = ({ note, customization }: OrderLine): string =>
  [note, typeof customization === 'object' ? JSON.stringify(customization) : customization]
    .filter((part) => part)
    .join('\n');

/** To the warehouse, when an order may be packed: no prices. */
export const warehousePick = (mail: OrderMail): MailBody => {
  const { content } = mail.record;
  const { language } = mail.intent;
  const text = texts[language];
  const facts = [
    ...content.lines.map((line) => ({ label: text.line(line.lineId), value: remarkOf(line) })),
    { label: text.notes, value: content.notes ?? '' },
  ].filter(({ value }) => value);
  const remarkBlocks: Block[] =
    facts.length > 0 ? [{ kind: 'facts', heading: remarks[language], facts }] : [];
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: text.opening },
      numbersBlock(mail, {
        label: text.partial,
        value: content.delivery.partialDeliveryAllowed ? text.yes : text.no,
      }),
      quantitiesBlock(mail, lines, content.lines),
      deliveryBlock(mail),
      ...remarkBlocks,
    ],
  };
};
