import { expect, test } from 'vitest';
import { outboundSlipSchema } from '../../domain/fulfilment/outbound-slip.ts';
import { isOrderNumber } from '../../domain/orders/order-number.ts';
import { submissionSchema } from '../../domain/submissions/order-schema.ts';
import { contentRows, eventRow, findingsRow, fromRows, stateRow } from '../../functions/shared/order-rows.ts';
import { aSubmission } from './a-submission.ts';
import { aMatchingSlip, anOrder } from './an-order.ts';

test('a built submission and slip are what a partner and a warehouse may send', () => {
  expect(() => submissionSchema.parse(aSubmission())).not.toThrow();
  expect(() => outboundSlipSchema.parse(aMatchingSlip(anOrder()))).not.toThrow();
});

test('a built order is one that can be stored and read', () => {
  const order = anOrder();
  const { state, content, findings } = order;
  expect(isOrderNumber(state.orderNumber)).toBe(true);
  const event = {
    sequence: 1,
    type: 'order.received',
    at: state.createdAt,
    actor: 'partner:example-mall',
    data: {},
  };
  const rows = [
    ...contentRows(state.orderNumber, content),
    eventRow(state.orderNumber, event),
    findingsRow(state, findings),
    stateRow(state),
  ];
  expect(fromRows(JSON.parse(JSON.stringify(rows)))).toEqual({ ...order, events: [event] });
});
