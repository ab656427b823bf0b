import { isDeliveryFailure } from '../../../domain/fulfilment/shipment.ts';
import { isForStaff, type MailBody, type OrderMail } from '../mail-model.ts';
import { deliveryBlock, numbersBlock, quantitiesBlock } from '../order-blocks.ts';
import { parcelFacts, parcelOf } from '../parcel-of.ts';
import { showInstant } from '../wording/dates.ts';
import { showCarrierEvent } from '../wording/terms.ts';

const texts = {
  'zh-CN': {
    title: (tracking: string) => `包裹 ${tracking} 配送异常`,
    customer:
      '很抱歉，承运商报告您的包裹未能正常送达。我们正在与承运商核实，并会尽快告知您处理结果；您无需重新下单。',
    staff: '承运商报告以下包裹未能正常送达，请与承运商核实，并安排重新派送或退款。',
    what: '承运商报告',
    where: '地点',
    note: '说明',
  },
  en: {
    title: (tracking: string) => `Parcel ${tracking} could not be delivered`,
    customer:
      'We are sorry: the carrier reports that your parcel was not delivered. We are clearing this up with the carrier and will tell you soon what happens next; you need not order again.',
    staff:
      'The carrier reports that this parcel was not delivered. Please ask the carrier, and arrange a new delivery or a refund.',
    what: 'The carrier reports',
    where: 'Place',
    note: 'Remark',
  },
};

const contents = { 'zh-CN': '本包裹内容', en: 'In this parcel' };

/** To the customer and the order desk, when a carrier reports a parcel lost, refused, returned or damaged. */
export const deliveryException = (mail: OrderMail): MailBody => {
  const { company, intent } = mail;
  const { language } = intent;
  const text = texts[language];
  const parcel = parcelOf(mail);
  const event =
    parcel.events.find(({ eventId }) => eventId === intent.data.eventId) ??
    parcel.events.findLast(({ type }) => isDeliveryFailure(type));
  const facts = event
    ? [
        {
          label: text.what,
          value: `${showCarrierEvent(event.type, language)}\n${showInstant(event.at, company.timeZone, language)}`,
        },
        ...(event.location ? [{ label: text.where, value: event.location }] : []),
        ...(event.note ? [{ label: text.note, value: event.note }] : []),
      ]
    : [];
  return {
    title: text.title(parcel.trackingNumber),
    blocks: [
      { kind: 'paragraph', text: isForStaff(mail) ? text.staff : text.customer },
      numbersBlock(mail, ...parcelFacts(parcel, mail), ...facts),
      quantitiesBlock(mail, contents, parcel.lines),
      deliveryBlock(mail),
    ],
  };
};
