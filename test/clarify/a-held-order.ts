import { randomUUID } from 'node:crypto';
import type { StoredFinding } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createEditOrder } from '../../functions/shared/edit-order.ts';
import { createHoldOrder } from '../../functions/steps/hold-order.ts';
import { aSubmittedLine } from '../builders/a-submission.ts';
import type { OrderDesk } from '../builders/an-order-desk.ts';

/** A desk's problem orders: placed, audited and held as the machine does it. */
export const heldOrders = (desk: OrderDesk) => {
  const hold = async (orderNumber: string): Promise<string> => {
    const taskToken = randomUUID();
    await createHoldOrder(desk)({ orderNumber, taskToken });
    return taskToken;
  };
  const find = async (orderNumber: string, code: StoredFinding['code']): Promise<StoredFinding> => {
    const { findings } = await desk.read(orderNumber);
    const found = findings.findLast((finding) => finding.code === code);
    if (!found) throw new Error(`no finding ${code}`);
    return found;
  };
  return {
    hold,
    find,
    editOrder: createEditOrder(desk),
    idOf: async (orderNumber: string, code: StoredFinding['code']) =>
      `${orderNumber}.${(await find(orderNumber, code)).number}`,
    /** One piece at 18.00 where the price list says 39.90, unless told otherwise. */
    held: async (partner: Partner, sku: string, changes: Partial<SubmissionInput> = {}) => {
      const lines = [aSubmittedLine({ sku, quantity: 1, unitPrice: '18.00' })];
      const orderNumber = await desk.place(partner, sku, { lines, ...changes });
      await desk.audit({ orderNumber });
      return { orderNumber, token: await hold(orderNumber) };
    },
    /** What the machine does once the hold was answered. */
    auditAgain: async (orderNumber: string) => {
      await desk.audit({ orderNumber });
      return desk.reserve({ orderNumber });
    },
  };
};
