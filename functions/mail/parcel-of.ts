import type { Shipment } from '../../domain/fulfilment/shipment.ts';
import { Fatal } from '../shared/classify-error.ts';
import type { Fact } from './mail-content.ts';
import type { OrderMail } from './mail-model.ts';

const labels = {
  'zh-CN': { carrier: '承运商', trackingNumber: '运单号' },
  en: { carrier: 'Carrier', trackingNumber: 'Tracking number' },
};

/** The one parcel that a mail tells of. A mail about a parcel never names another one. */
export const parcelOf = ({ intent, record }: OrderMail): Shipment => {
  const parcel = record.shipments.find(({ shipmentId }) => shipmentId === intent.data.shipmentId);
  if (!parcel) throw new Fatal(`${intent.template} mail of ${intent.subject} names no shipment of the order`);
  return parcel;
};

export const parcelFacts = (parcel: Shipment, { intent }: OrderMail): Fact[] => {
  const { carrier, trackingNumber } = labels[intent.language];
  return [
    { label: carrier, value: parcel.carrier },
    { label: trackingNumber, value: parcel.trackingNumber },
  ];
};
