import * as z from 'zod';
import { auditOrder } from '../../domain/audit/audit-order.ts';
import {
  type AuditPart,
  type PartContents,
  partsOfAudit,
  partsOfRefusal,
} from '../../domain/audit/audit-parts.ts';
import { unknownCodes } from '../../domain/audit/check-catalogue.ts';
import type { AuditContext } from '../../domain/audit/context.ts';
import { contactsOf } from '../../domain/customers/contacts.ts';
import type { Finding, Problem } from '../../domain/findings/finding.ts';
import type { OrderSource } from '../../domain/orders/order.ts';
import type { CustomerTier, Partner } from '../../domain/partner.ts';
import { quantitiesBySku } from '../../domain/submissions/merge-lines.ts';
import { submissionSchema } from '../../domain/submissions/order-schema.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { accountUseOf } from './account-rows.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { findTwins, likenessHash } from './like-orders.ts';
import type { MailDomains } from './mail-domains.ts';
import { fingerprintOf } from './order-body.ts';
import type { OrdersTable } from './orders-table.ts';
import type { PartnersTable } from './partners-table.ts';
import { createPrepareOrder, type PreparedOrder } from './prepare-order.ts';
import type { StockTable } from './stock-table.ts';

type Deps = {
  orders: Pick<OrdersTable, 'findReference' | 'findAlike' | 'readState' | 'readContactMarks'>;
  catalogue: Pick<CatalogueTable, 'resolveSkus' | 'readProducts' | 'readRules' | 'articlesLike'>;
  partners: Pick<PartnersTable, 'findCustomer'>;
  stock: Pick<StockTable, 'readLevels' | 'readAccount'>;
  /** Absent where domains are not looked up. */
  findDeadAddresses?: MailDomains;
  timeZone: () => string;
};

/** All that was found about a submission, and what that rests on; `otherwise` is the part that no digest stands for. */
export type Verdict = { findings: Finding[]; parts: PartContents; otherwise: AuditPart };

export type PlacedBefore =
  /** The same order under the same reference was placed before, by the named upload if by one. */
  | { outcome: 'duplicate'; orderNumber: string; uploadId?: string }
  /** The reference is taken by an order with other content. */
  | { outcome: 'conflict'; orderNumber: string };

export type CheckedOrder =
  | PlacedBefore
  | { outcome: 'invalid'; problems: Problem[]; verdict: Verdict }
  | { outcome: 'valid'; prepared: PreparedOrder; verdict?: Verdict };

type CheckInput = {
  partner: Partner;
  body: unknown;
  source: OrderSource;
  at: Date;
  /** Audits too: the execution audits again and decides. */
  audit: boolean;
};

/** Customers that are not on file are ordinary ones. */
export const tierOf = ({ customer }: Pick<PreparedOrder, 'customer'>): CustomerTier =>
  customer?.tier ?? 'STANDARD';

const referenceSchema = z.object({ customerOrderReference: submissionSchema.shape.customerOrderReference });

/** Everything that is asked of an order before it is one, for posts, files and dry runs alike. Writes nothing. */
export const createCheckOrder = (deps: Deps) => {
  const { orders, catalogue, stock, findDeadAddresses, timeZone } = deps;
  const prepare = createPrepareOrder(deps);

  const contextOf = async (
    { content, customer, candidates, products, rules }: PreparedOrder,
    partner: Partner,
    at: Date,
  ): Promise<AuditContext> => {
    const { partnerId } = partner;
    const today = dayIn(timeZone(), at);
    const hash = likenessHash(partnerId, content, customer);
    const contacts = contactsOf(content);
    const [levels, articlesLike, account, twins, contactMarks, deadAddresses] = await Promise.all([
      stock.readLevels([...quantitiesBySku(content.lines).keys()]),
      catalogue.articlesLike(partnerId, unknownCodes(content.lines, products)),
      stock.readAccount(accountUseOf({ partnerId, order: content, products, customer, rules, today })),
      // A dry run of a file does not see the orders of the file itself: their audits tell of those.
      content.source.kind === 'API' ? findTwins(orders, hash, undefined, at) : [],
      orders.readContactMarks(contacts, at),
      findDeadAddresses?.(contacts) ?? [],
    ]);
    return {
      order: content,
      partner,
      customer,
      candidates,
      customerTier: tierOf({ customer }),
      products,
      articlesLike,
      available: new Map([...levels].map(([sku, level]) => [sku, level.available])),
      account,
      twins,
      contactMarks,
      deadAddresses,
      rules,
      today,
      orderDay: today,
    };
  };

  /** An order on file under the same reference, whatever else the submission says. */
  const placedBefore = async ({
    partner,
    body,
  }: Pick<CheckInput, 'partner' | 'body'>): Promise<PlacedBefore | undefined> => {
    const named = referenceSchema.safeParse(body);
    const found =
      named.success && (await orders.findReference(partner.partnerId, named.data.customerOrderReference));
    if (!found) return undefined;
    const { orderNumber, uploadId, contentHash } = found;
    return contentHash === fingerprintOf(body)
      ? { outcome: 'duplicate', orderNumber, ...(uploadId && { uploadId }) }
      : { outcome: 'conflict', orderNumber };
  };

  const check = async (input: CheckInput): Promise<CheckedOrder> => {
    const { partner, body, source, at, audit } = input;
    const [before, prepared] = await Promise.all([placedBefore(input), prepare(partner, body, source, at)]);
    if (before) return before;
    if ('problems' in prepared) {
      const { problems } = prepared;
      const findings = problems.map((problem): Finding => ({ severity: 'ERROR', ...problem }));
      const parts = partsOfRefusal(partner, dayIn(timeZone(), at));
      return { outcome: 'invalid', problems, verdict: { findings, parts, otherwise: 'catalogue' } };
    }
    if (!audit) return { outcome: 'valid', prepared };
    const context = await contextOf(prepared, partner, at);
    const verdict: Verdict = {
      findings: auditOrder(context),
      parts: partsOfAudit(context),
      otherwise: 'rules',
    };
    return { outcome: 'valid', prepared, verdict };
  };

  return { check, placedBefore };
};

export type CheckOrder = ReturnType<typeof createCheckOrder>['check'];
