import * as z from 'zod';
import type { FindingKind } from './findings/finding-decisions.ts';
import type { ResolutionAction } from './orders/order.ts';
import { partnerRoles } from './partner.ts';
import type { RuleName } from './rules/rules.ts';

/** Groups of the staff user pool. */
export const staffGroups = ['desk', 'warehouse', 'logistics', 'purchasing', 'finance', 'manager'] as const;

/** Who makes a request: known from the credential alone, never from the body. */
export const principalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partner'), partnerId: z.string(), roles: z.array(z.enum(partnerRoles)) }),
  z.object({ kind: z.literal('staff'), username: z.string(), groups: z.array(z.enum(staffGroups)) }),
]);
export type Principal = z.infer<typeof principalSchema>;

const notices = {
  payment: { roles: ['PAYMENT_PROVIDER'], groups: ['finance'] },
  'outbound-slip': { roles: ['WAREHOUSE'], groups: ['warehouse'] },
  shipment: { roles: ['WAREHOUSE', 'CARRIER'], groups: ['warehouse', 'logistics'] },
  'carrier-event': { roles: ['CARRIER'], groups: ['logistics'] },
} as const satisfies Record<
  string,
  { roles: (typeof partnerRoles)[number][]; groups: (typeof staffGroups)[number][] }
>;

/** Whether a principal may post notices of this kind, about any order. */
export const mayPost = (principal: Principal, notice: keyof typeof notices): boolean =>
  principal.kind === 'partner'
    ? notices[notice].roles.some((role) => principal.roles.includes(role))
    : notices[notice].groups.some((group) => principal.groups.includes(group));

const deskViews = {
  'inbound-mails': ['desk', 'manager'],
  orders: staffGroups,
  statistics: ['desk', 'finance', 'manager'],
  findings: ['desk', 'purchasing', 'finance', 'manager'],
  rules: ['desk', 'logistics', 'purchasing', 'finance', 'manager'],
} as const satisfies Record<string, readonly (typeof staffGroups)[number][]>;

/** Whether a principal may see this list of the desk's, which is about all partners. */
export const mayView = (principal: Principal, view: keyof typeof deskViews): boolean =>
  principal.kind === 'staff' && deskViews[view].some((group) => principal.groups.includes(group));

/** Whether a principal may mark orders with tags. */
export const mayTag = (principal: Principal): boolean =>
  principal.kind === 'staff' && principal.groups.some((group) => group === 'desk' || group === 'manager');

/** Who may load which rules: what money is given away by is finance's, where we deliver is logistics'. */
const ruleGroups = {
  areas: ['logistics', 'manager'],
  discounts: ['finance', 'manager'],
  orderTypes: ['finance', 'manager'],
  promotions: ['finance', 'manager'],
} as const satisfies Record<RuleName, (typeof staffGroups)[number][]>;

/** Whether a principal may load another version of these rules. */
export const mayLoadRules = (principal: Principal, name: RuleName): boolean =>
  principal.kind === 'staff' && ruleGroups[name].some((group) => principal.groups.includes(group));

const catalogueGroups = {
  prices: ['finance', 'manager'],
  products: ['purchasing', 'manager'],
} as const satisfies Record<string, (typeof staffGroups)[number][]>;

/** Whether a principal may load prices or articles. */
export const mayLoadCatalogue = (principal: Principal, what: keyof typeof catalogueGroups): boolean =>
  principal.kind === 'staff' && catalogueGroups[what].some((group) => principal.groups.includes(group));

/** Who may decide on a finding: of money, where letting the customer's figure pass is a matter of the company's, and of the rest. */
const decisionGroups = {
  ACCEPT_OURS: { money: ['desk', 'finance', 'manager'], other: ['desk', 'manager'] },
  ASK_CUSTOMER: { money: ['desk', 'finance', 'manager'], other: ['desk', 'manager'] },
  EDIT: { money: ['desk', 'manager'], other: ['desk', 'manager'] },
  ACCEPT_THEIRS: { money: ['finance', 'manager'], other: ['desk', 'manager'] },
  OVERRIDE: { money: ['finance', 'manager'], other: ['manager'] },
  REJECT: { money: ['desk', 'manager'], other: ['desk', 'manager'] },
} as const satisfies Record<ResolutionAction, Record<FindingKind, (typeof staffGroups)[number][]>>;

/** Whether a principal may decide so on a finding of that kind. */
export const mayResolve = (principal: Principal, action: ResolutionAction, kind: FindingKind): boolean =>
  principal.kind === 'staff' &&
  decisionGroups[action][kind].some((group) => principal.groups.includes(group));

/** Whether a principal may give findings to a member of staff. */
export const mayAssign = (principal: Principal): boolean =>
  principal.kind === 'staff' &&
  ['desk', 'finance', 'manager'].some((group) => principal.groups.some((own) => own === group));

/** Whether a principal may see and change an order: its own partner, or any staff. */
export const maySee = (principal: Principal, order: { partnerId: string }): boolean =>
  principal.kind === 'staff' || principal.partnerId === order.partnerId;

/** How events name a principal. */
export const actorName = (principal: Principal): string =>
  principal.kind === 'partner' ? `partner:${principal.partnerId}` : `staff:${principal.username}`;

/** An actor as a principal may know it: partners see themselves and the workflow, of others only what they are. */
export const shownActor = (actor: string, principal: Principal): string =>
  principal.kind === 'staff' || actor === actorName(principal) ? actor : actor.replace(/:.*$/, '');
