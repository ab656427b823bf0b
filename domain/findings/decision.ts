import type { MailIntent, MailTemplate } from '../mail.ts';
import type { OrderContent, OrderState, StoredFinding } from '../orders/order.ts';
import type { Status } from '../orders/status.ts';
import type { Language } from '../values/languages.ts';

/** Fields of an order's state that a decision may set; status, version, times and the count of open findings follow from the decision itself. */
export type Facts = Partial<
  Omit<
    OrderState,
    | 'orderNumber'
    | 'partnerId'
    | 'status'
    | 'statusSince'
    | 'version'
    | 'eventCount'
    | 'createdAt'
    | 'updatedAt'
    | 'openFindings'
  >
>;

/** A mail that a decision asks for; the decision's event makes it unique. */
export type MailRequest = Pick<MailIntent, 'template' | 'recipient' | 'language'> & {
  data?: Record<string, string>;
};

/** What is to happen to an order: at most one change of status, exactly one event, and the mails that tell of it. */
export type Decision = {
  to?: Status;
  facts?: Facts;
  event: { type: string; actor: string; data?: Record<string, unknown> };
  mails?: MailRequest[];
  findings?: StoredFinding[];
};

/** Departments that get mail, and the language staff read. */
export type Company = {
  name: string;
  taxId: string;
  timeZone: string;
  deskEmail: string;
  warehouseEmail: string;
  financeEmail: string;
  staffLanguage: Language;
};

export const toCustomer = (
  content: OrderContent,
  template: MailTemplate,
  data?: Record<string, string>,
): MailRequest => ({
  template,
  recipient: content.customerEmail,
  language: content.language,
  ...(data && { data }),
});

/** To the customer, and a copy to the partner where that is somebody else. */
export const toCustomerAndPartner = (
  content: OrderContent,
  template: MailTemplate,
  data?: Record<string, string>,
): MailRequest[] => {
  const toBuyer = toCustomer(content, template, data);
  const { partnerEmail } = content;
  return partnerEmail && partnerEmail !== content.customerEmail
    ? [toBuyer, { ...toBuyer, recipient: partnerEmail }]
    : [toBuyer];
};

export const toDepartment = (
  company: Company,
  department: 'desk' | 'warehouse' | 'finance',
  template: MailTemplate,
  data?: Record<string, string>,
): MailRequest => ({
  template,
  recipient: company[`${department}Email`],
  language: company.staffLanguage,
  ...(data && { data }),
});
