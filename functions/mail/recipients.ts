import type { MailModel } from './mail-model.ts';

/** Addresses that a mail of this kind may go to beside the company's own. */
const givenAddresses = (model: MailModel): (string | undefined)[] => {
  switch (model.kind) {
    case 'upload':
      return [model.partner.notifyEmail, ...model.partner.orderSenders];
    case 'inbound-mail':
      return model.partner.orderSenders;
    case 'order': {
      const { customerEmail, partnerEmail, invoiceRequest } = model.record.content;
      return [customerEmail, partnerEmail, invoiceRequest?.email];
    }
    default:
      return model satisfies never;
  }
};

/** Mail goes only to addresses that the order, its partner or the company gave: an intent cannot make us a relay. */
export const isOnFile = (recipient: string, model: MailModel): boolean => {
  const { deskEmail, warehouseEmail, financeEmail } = model.company;
  return [deskEmail, warehouseEmail, financeEmail, ...givenAddresses(model)].includes(recipient);
};
