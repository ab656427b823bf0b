import { isBlocking } from '../../../domain/audit/audit-order.ts';
import type { OrderRecord } from '../../../domain/orders/order.ts';
import { isTerminal } from '../../../domain/orders/status.ts';
import { answerTo } from '../../../domain/orders/wait.ts';
import type { Desk } from './desk-view.ts';

/** What is wrong with how an order stands, if the desk has come to rest. */
const complaints = ({ state, findings }: OrderRecord, desk: Desk, execution: string): string[] => {
  const { orderNumber, status, openFindings } = state;
  const wait = desk.waits.get(orderNumber);
  const openStatus = desk.states.get(orderNumber)?.openStatus;
  const openNow = findings.filter((finding) => finding.open && isBlocking(finding)).length;
  const isEnded = isTerminal(status);
  const answer = wait && answerTo(wait.kind, state);
  return [
    ...(openNow === openFindings ? [] : [`counts ${openFindings} open findings and has ${openNow}`]),
    ...(openStatus === (isEnded ? undefined : status)
      ? []
      : [`stands in the list of open orders as ${openStatus}: ORDER#${orderNumber} STATE`]),
    ...(isEnded && execution !== 'SUCCEEDED' ? [`has ended, its execution is ${execution}`] : []),
    ...(!isEnded && execution !== 'RUNNING' ? [`is open, its execution is ${execution}`] : []),
    ...(!isEnded && !wait ? ['is open and waits for nothing'] : []),
    ...(!isEnded && wait && answer
      ? [`waits for ${wait.kind}, which is on file: ORDER#${orderNumber} WAIT`]
      : []),
  ];
};

/** I3: every order has ended, or waits for something that has not come, where the sweep and a deadline see it. */
export const noneIsStuck = (desk: Desk): string[] => {
  const statuses = new Map(desk.executions.map(({ name, status }) => [name, status]));
  return [
    ...desk.orders.flatMap((order) => {
      const { orderNumber, status } = order.state;
      const execution = statuses.get(orderNumber) ?? 'missing';
      return complaints(order, desk, execution).map((fault) => `${orderNumber} (${status}) ${fault}`);
    }),
    ...desk.executions
      .filter(({ machine, name }) => machine === 'order' && !desk.states.has(name))
      .map(({ name, status }) => `the execution ${name} (${status}) is of no order`),
    ...desk.uploads
      .filter(({ status }) => status === 'PROCESSING')
      .map(({ uploadId, objectKey }) => `UPLOAD#${uploadId} (${objectKey}) has not ended`),
    ...desk.executions
      .filter(({ machine, status }) => machine === 'upload' && status !== 'SUCCEEDED')
      .map(({ name, status }) => `the upload's execution ${name} is ${status}`),
  ];
};
