import type { MailModel } from './mail-model.ts';

/** Mail goes only to addresses that the order, its partner or the company gave: an intent cannot make us a relay. */
export const isOnFile = (recipient: string, model: MailModel): boolean => {
  const { deskEmail, warehouseEmail, financeEmail } = model.company;
  const given =
    model.kind === 'upload'
      ? [model.partner.notifyEmail]
      : [
          model.record.content.customerEmail,
          model.record.content.partnerEmail,
          model.record.content.invoiceRequest?.email,
        ];
  return [deskEmail, warehouseEmail, financeEmail, ...given].includes(recipient);
};
