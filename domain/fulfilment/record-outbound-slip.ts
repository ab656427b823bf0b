import { type Company, type Decision, toDepartment } from '../findings/decision.ts';
import { addFindings, resolveFindings } from '../findings/findings.ts';
import type { OrderRecord } from '../orders/order.ts';
import type { Status } from '../orders/status.ts';
import type { OutboundSlip, SlipCheck } from './outbound-slip.ts';

/** Statuses in which the warehouse may have packed an order. */
export const slipStatuses: readonly Status[] = ['PAID', 'READY_TO_SHIP', 'ON_HOLD'];

/** What a checked slip does: a match releases dispatch, a difference blocks it and asks warehouse and desk. */
export const decideOutboundSlip = (
  { state, content, findings }: OrderRecord,
  slip: OutboundSlip,
  check: SlipCheck,
  actor: string,
  company: Company,
  now: Date,
): Decision => {
  const { slipId } = slip;
  const stored = resolveFindings(findings, ['SLIP_MISMATCH']);
  const facts = { slip: { slipId, outcome: check.outcome } };
  if (check.outcome === 'MATCHED')
    return {
      event: { type: 'order.slip_matched', actor, data: { slipId } },
      facts,
      ...(findings.length > 0 && { findings: stored }),
    };
  const { clarificationHours } = content.terms;
  const held = addFindings(stored, check.findings, { now, clarificationHours });
  return {
    event: { type: 'order.on_hold', actor, data: { slipId, codes: ['SLIP_MISMATCH'] } },
    facts,
    ...(state.status !== 'ON_HOLD' && { to: 'ON_HOLD' }),
    findings: held,
    mails: [
      toDepartment(company, 'warehouse', 'slip-mismatch', { slipId }),
      ...(company.deskEmail === company.warehouseEmail
        ? []
        : [toDepartment(company, 'desk', 'slip-mismatch', { slipId })]),
    ],
  };
};
