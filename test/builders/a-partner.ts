import { type Customer, customerSchema, type Partner, partnerSchema } from '../../domain/partner.ts';

/** An active partner that sells in CNY with prices including tax, changed as told. */
export const aPartner = (changes: Partial<Partner> = {}): Partner =>
  partnerSchema.parse({
    partnerId: 'example-mall',
    name: '示例商城 Example Mall',
    active: true,
    language: 'zh-CN',
    currencies: ['CNY'],
    pricesIncludeTax: true,
    notifyEmail: 'orders@mall.example.com',
    toleranceMinor: 0,
    paymentDueMinutes: 1440,
    autoCompleteDays: 7,
    clarificationHours: 72,
    roles: [],
    ...changes,
  });

/** The wholesale customer of aSubmission(), changed as told. */
export const aCustomer = (changes: Partial<Customer> = {}): Customer =>
  customerSchema.parse({
    partnerId: 'example-mall',
    customerId: 'C10086',
    name: '上海示例贸易有限公司',
    tier: 'WHOLESALE',
    qualifications: [],
    ...changes,
  });
