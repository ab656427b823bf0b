import type { Decision } from '../findings/decision.ts';
import { isOpenQuestion, resolveFindings } from '../findings/findings.ts';
import type { OrderRecord } from './order.ts';

/** Held for a fault of ours alone: nobody was asked anything, so nobody can answer. */
export const isHeldByFault = ({ state, findings }: Pick<OrderRecord, 'state' | 'findings'>): boolean => {
  const open = findings.filter(isOpenQuestion);
  return (
    state.status === 'ON_HOLD' && open.length > 0 && open.every(({ code }) => code === 'PROCESSING_FAULT')
  );
};

/** Lets an order that a fault set aside be tried again from its audit; undefined when something else holds it. */
export const decideFaultRetry = (order: OrderRecord, actor: string): Decision | undefined => {
  if (!isHeldByFault(order)) return undefined;
  const findings = resolveFindings(order.findings, ['PROCESSING_FAULT']);
  return {
    event: { type: 'order.fault_retried', actor },
    findings,
  };
};
