import type { Problem } from '../../domain/findings/finding.ts';
import {
  changedLeaves,
  editedSubmission,
  type FieldChange,
  isEditable,
  type LeafChange,
} from '../../domain/orders/edit-content.ts';
import type { OrderContent, OrderRecord } from '../../domain/orders/order.ts';
import type { CustomerTier } from '../../domain/partner.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { Fatal } from './classify-error.ts';
import type { PartnersTable } from './partners-table.ts';
import { createPrepareOrder } from './prepare-order.ts';

type Deps = {
  catalogue: Pick<CatalogueTable, 'resolveSkus' | 'readProducts' | 'readRules'>;
  partners: Pick<PartnersTable, 'readPartner' | 'findCustomer'>;
  timeZone: () => string;
};

/** A content as an edit leaves it, every leaf that changed, and which fields were given. */
export type EditedOrder = {
  content: OrderContent;
  customerTier: CustomerTier;
  customerId?: string | undefined;
  changes: LeafChange[];
  given: string[];
};

/** Changes fields of an order on file: checked and completed as a submission is, at the terms it was placed under. Writes nothing. */
export const createEditOrder = (deps: Deps) => {
  const prepare = createPrepareOrder(deps);
  return async (
    { state, content }: OrderRecord,
    changes: readonly FieldChange[],
    now: Date,
  ): Promise<EditedOrder | { problems: Problem[] }> => {
    const fixed = changes.filter(({ pointer }) => !isEditable(pointer));
    if (fixed.length > 0)
      return { problems: fixed.map(({ pointer }) => ({ code: 'UNKNOWN_FIELD', pointer, value: pointer })) };
    const partner = await deps.partners.readPartner(state.partnerId);
    if (!partner) throw new Fatal(`no partner ${state.partnerId}`);
    const terms = { ...partner, ...content.terms, notifyEmail: content.partnerEmail };
    const prepared = await prepare(terms, editedSubmission(content, changes), content.source, now);
    if ('problems' in prepared) return prepared;
    return {
      content: prepared.content,
      customerTier: prepared.customer?.tier ?? 'STANDARD',
      customerId: prepared.customer?.customerId,
      changes: changedLeaves(content, prepared.content),
      given: changes.map(({ pointer }) => pointer),
    };
  };
};

export type EditOrder = ReturnType<typeof createEditOrder>;
