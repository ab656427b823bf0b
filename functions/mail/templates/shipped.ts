import type { Block } from '../mail-content.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import { deliveryBlock, numbersBlock, quantitiesBlock } from '../order-blocks.ts';
import { parcelFacts, parcelOf } from '../parcel-of.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: (tracking: string) => `包裹已发出 ${tracking}`,
    all: '您订购的商品已经发出，可凭运单号查询物流。',
    some: '您订购的商品已发出一部分，可凭运单号查询物流；其余商品发出时会另行通知。',
    at: '发货时间',
    track: '查询物流',
  },
  en: {
    title: (tracking: string) => `Parcel ${tracking} is on its way`,
    all: 'Your goods have left our warehouse. You can follow them with the tracking number.',
    some: 'Part of your goods has left our warehouse. You can follow this parcel with its tracking number; we will write again when the rest ships.',
    at: 'Shipped',
    track: 'Track this parcel',
  },
};

const contents = { 'zh-CN': '本包裹内容', en: 'In this parcel' };

/** To the customer, once for each parcel and about that parcel only. */
export const shipped = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const text = texts[intent.language];
  const parcel = parcelOf(mail);
  const isPart = record.content.lines.some(
    ({ lineId, quantity }) => (parcel.lines.find((line) => line.lineId === lineId)?.quantity ?? 0) < quantity,
  );
  const link: Block[] = parcel.trackingUrl
    ? [{ kind: 'link', label: text.track, url: parcel.trackingUrl }]
    : [];
  return {
    title: text.title(parcel.trackingNumber),
    blocks: [
      {
        kind: 'paragraph',
        text: isPart && record.state.status === 'PARTIALLY_SHIPPED' ? text.some : text.all,
      },
      numbersBlock(mail, ...parcelFacts(parcel, mail), {
        label: text.at,
        value: showInstant(parcel.shippedAt, company.timeZone, intent.language),
      }),
      ...link,
      quantitiesBlock(mail, contents, parcel.lines),
      deliveryBlock(mail),
    ],
  };
};
