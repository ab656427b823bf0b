import type { Payment } from '../../domain/payments/payment.ts';
import type { OrderMail } from './mail-model.ts';

/** The payment that a mail tells of: the one its intent names, else the latest. */
export const paymentOf = ({ intent, record }: OrderMail): Payment | undefined =>
  record.payments.find(({ paymentId }) => paymentId === intent.data.paymentId) ?? record.payments.at(-1);
