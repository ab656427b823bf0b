import * as z from 'zod';
import { isOrderNumber } from '../../domain/orders/order-number.ts';

const orderNumber = z.string().refine(isOrderNumber);

/** What every step of order.asl.json is called with. */
export const orderInput = z.object({ orderNumber });

/** What a waiting step is called with. */
export const waitInput = z.object({ orderNumber, taskToken: z.string().min(1) });
export type WaitInput = z.infer<typeof waitInput>;

/** Steps act under this name in an order's events. */
export const workflowActor = 'workflow';
