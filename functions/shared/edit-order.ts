import { withoutOwn } from '../../domain/customers/customer-account.ts';
import { buyerOf } from '../../domain/customers/customer-match.ts';
import type { Problem } from '../../domain/findings/finding.ts';
import { isPriced, suggestedChange } from '../../domain/findings/finding-decisions.ts';
import {
  changedLeaves,
  editedSubmission,
  type FieldChange,
  isEditable,
  type LeafChange,
} from '../../domain/orders/edit-content.ts';
import type { OrderContent, OrderRecord, StoredFinding } from '../../domain/orders/order.ts';
import type { CustomerTier, Partner } from '../../domain/partner.ts';
import { acceptOurs } from '../../domain/pricing/accept-ours.ts';
import { quantitiesBySku } from '../../domain/submissions/merge-lines.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { accountUseOf } from './account-rows.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { Fatal } from './classify-error.ts';
import type { PartnersTable } from './partners-table.ts';
import { createPrepareOrder } from './prepare-order.ts';
import type { StockTable } from './stock-table.ts';

type Deps = {
  catalogue: Pick<CatalogueTable, 'resolveSkus' | 'readProducts' | 'readRules'>;
  partners: Pick<PartnersTable, 'readPartner' | 'findCustomer'>;
  stock: Pick<StockTable, 'readAccount'>;
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

/** What an edit is to do: set fields to values, and make of findings what we would have written. */
export type WantedEdit = {
  changes?: readonly FieldChange[] | undefined;
  ours?: readonly StoredFinding[];
};

/** Changes an order on file: checked and completed as a submission is, at the terms it was placed under. Writes nothing. */
export const createEditOrder = (deps: Deps) => {
  const { catalogue, partners, stock, timeZone } = deps;
  const prepare = createPrepareOrder(deps);

  const oursOf = async (
    { state, content }: OrderRecord,
    findings: readonly StoredFinding[],
    partner: Partner,
    now: Date,
  ): Promise<FieldChange[]> => {
    const suggested = findings.flatMap((finding) =>
      isPriced(finding) ? [] : (suggestedChange(finding, content) ?? []),
    );
    const priced = findings.filter(isPriced);
    if (priced.length === 0) return suggested;
    const { partnerId } = state;
    const today = dayIn(timeZone(), now);
    const [products, rules, { customer }] = await Promise.all([
      catalogue.readProducts([...quantitiesBySku(content.lines).keys()]),
      catalogue.readRules(today),
      partners.findCustomer(partnerId, buyerOf(content)),
    ]);
    const use = accountUseOf({ partnerId, order: content, products, customer, rules, today });
    const account = await stock.readAccount({ ...use, sales: [], credit: undefined });
    const context = {
      order: content,
      partner,
      customerTier: state.customerTier,
      products,
      account: withoutOwn(account, state.heldInAccount),
      rules,
      orderDay: dayIn(timeZone(), new Date(state.createdAt)),
    };
    return [...suggested, ...acceptOurs(priced, context)];
  };

  return async (
    order: OrderRecord,
    { changes: given = [], ours = [] }: WantedEdit,
    now: Date,
  ): Promise<EditedOrder | { problems: Problem[] }> => {
    const { state, content } = order;
    const fixed = given.filter(({ pointer }) => !isEditable(pointer));
    if (fixed.length > 0)
      return { problems: fixed.map(({ pointer }) => ({ code: 'UNKNOWN_FIELD', pointer, value: pointer })) };
    const partner = await partners.readPartner(state.partnerId);
    if (!partner) throw new Fatal(`no partner ${state.partnerId}`);
    const changes = [...given, ...(await oursOf(order, ours, partner, now))];
    const { tolerancePercent: _today, ...profile } = partner;
    const terms = { ...profile, ...content.terms, notifyEmail: content.partnerEmail };
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
