import * as z from 'zod';
import { contactsOf } from '../../domain/customers/contacts.ts';
import { kindOf, offeredActions } from '../../domain/findings/finding-decisions.ts';
import { findingIdOf } from '../../domain/findings/finding-id.ts';
import { decideResolution } from '../../domain/findings/resolve-finding.ts';
import { fieldChangeSchema } from '../../domain/orders/edit-content.ts';
import {
  type OrderRecord,
  type ResolutionAction,
  resolutionActions,
  type StoredFinding,
} from '../../domain/orders/order.ts';
import { statuses } from '../../domain/orders/status.ts';
import type { Partner } from '../../domain/partner.ts';
import { actorName, mayResolve } from '../../domain/permissions.ts';
import { oneLine, text } from '../../domain/submissions/text-schema.ts';
import { catalogueTable } from '../shared/catalogue-table.ts';
import { changeOrder } from '../shared/change-order.ts';
import { Fatal } from '../shared/classify-error.ts';
import { clearedContactRow } from '../shared/contact-marks.ts';
import { createEditOrder, type EditOrder } from '../shared/edit-order.ts';
import { env } from '../shared/env.ts';
import { findingByNumber, findingOfPath } from '../shared/finding-of-path.ts';
import { deskFindingAnswerSchema, deskFindingResource } from '../shared/finding-resource.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { contentRowsInPlaceOf, type Row } from '../shared/order-rows.ts';
import { type OrderChange, type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { HttpProblem, illegalTransition, validationFailed } from '../shared/problem.ts';
import { stockTable } from '../shared/stock-table.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

/** SUBSTITUTE and RESCHEDULE are actions of the contract that no finding is offered yet. */
export const bodySchema = z.strictObject({
  action: z.enum([...resolutionActions, 'SUBSTITUTE', 'RESCHEDULE']),
  reason: oneLine(500),
  /** With ASK_CUSTOMER: what to ask beside the finding itself. */
  question: text(500).optional(),
  /** With EDIT: fields of the order as submitted, by their pointers; null leaves one out. */
  changes: z.array(fieldChangeSchema).min(1).max(50).optional(),
});
export const answerSchema = deskFindingAnswerSchema.extend({
  orderStatus: z.enum(statuses),
  openFindings: z.int(),
});

export const operation = {
  summary: 'Decides a finding; for staff',
  body: bodySchema,
  answers: { 200: { description: 'The finding, and where its order stands', schema: answerSchema } },
  problems: ['conflict', 'illegal-transition', 'not-offered'],
} satisfies Operation;

type Body = z.infer<typeof bodySchema>;

const zoneEnv = env({ COMPANY_TIME_ZONE: z.string() });

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  partners: Pick<PartnersTable, 'readPartner'>;
  waits: Pick<OrderWaits, 'wake'>;
  editOrder: EditOrder;
  now?: () => Date;
};

/** The action, if it is one for this finding as its order and partner stand. Throws HttpProblem. */
const offered = (
  order: OrderRecord,
  finding: StoredFinding,
  action: Body['action'],
  partner: Partner,
): ResolutionAction => {
  const { state } = order;
  const findingId = findingIdOf(state.orderNumber, finding);
  if (!finding.open) throw new HttpProblem('conflict', { findingId, findingStatus: 'RESOLVED' });
  if (state.status !== 'ON_HOLD' || state.cancellation || state.rejected)
    throw illegalTransition(state.status);
  const actions = offeredActions(order, finding, partner);
  const found = actions.find((one) => one === action);
  if (found === undefined) throw new HttpProblem('not-offered', { action, offered: actions });
  return found;
};

/** Mail to an address that is let pass counts as arriving again: the next order is not asked about it, and the next mail tells. */
const trustedContact = (
  { content }: OrderRecord,
  { code, pointer }: StoredFinding,
  action: ResolutionAction,
  now: Date,
): Row[] =>
  code === 'CONTACT_BOUNCED' && action === 'OVERRIDE'
    ? contactsOf(content)
        .filter((contact) => contact.pointer === pointer)
        .map(({ email }) => clearedContactRow(email, now))
    : [];

/** POST /desk/findings/{findingId}/resolution: a decision; the last one an order waits for lets all checks run again. */
export const createResolveFinding = ({
  orders,
  partners,
  waits,
  editOrder,
  now = () => new Date(),
}: Deps) => {
  const editFor = async (order: OrderRecord, finding: StoredFinding, { action, changes }: Body, at: Date) => {
    if (action !== 'ACCEPT_OURS' && action !== 'EDIT') return undefined;
    if (action === 'EDIT' && !changes)
      throw validationFailed([{ code: 'REQUIRED_MISSING', pointer: '#/changes' }]);
    const edited = await editOrder(order, action === 'EDIT' ? { changes } : { ours: [finding] }, at);
    if ('problems' in edited) throw validationFailed(edited.problems);
    return edited;
  };

  const partnerOf = async ({ state: { partnerId } }: OrderRecord): Promise<Partner> => {
    const partner = await partners.readPartner(partnerId);
    if (!partner) throw new Fatal(`no partner ${partnerId}`);
    return partner;
  };

  return async (request: HttpRequest): Promise<HttpAnswer> => {
    const { order, finding } = await findingOfPath(request, orders);
    const body = parseBody(bodySchema, request.json().value);
    const { orderNumber } = order.state;
    const actor = actorName(request.principal);
    const decide = async (current: OrderRecord): Promise<OrderChange> => {
      const asked = findingByNumber(current, finding.number);
      const action = offered(current, asked, body.action, await partnerOf(current));
      if (!mayResolve(request.principal, action, kindOf(asked))) throw new HttpProblem('forbidden');
      const at = now();
      const edited = await editFor(current, asked, body, at);
      return {
        ...decideResolution(current, asked, { ...body, action }, actor, at, edited),
        rows: [
          ...(edited ? contentRowsInPlaceOf(orderNumber, current.content, edited.content) : []),
          ...trustedContact(current, asked, action, at),
        ],
      };
    };
    await changeOrder(orders, orderNumber, decide, now(), order);
    await waits.wake(orderNumber);
    const after = (await orders.read(orderNumber)) ?? order;
    return {
      status: 200,
      body: {
        ...deskFindingResource(order.state, findingByNumber(after, finding.number), request.language),
        orderStatus: after.state.status,
        openFindings: after.state.openFindings,
      },
    };
  };
};

export const handler = httpHandler((request) => {
  const orders = ordersTable();
  const partners = partnersTable();
  const editOrder = createEditOrder({
    catalogue: catalogueTable(),
    partners,
    stock: stockTable(),
    timeZone: () => zoneEnv().COMPANY_TIME_ZONE,
  });
  return createResolveFinding({ orders, partners, waits: orderWaits(orders), editOrder })(request);
});
