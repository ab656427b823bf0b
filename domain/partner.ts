import * as z from 'zod';
import { columnNames } from './uploads/template-columns.ts';
import { currencies } from './values/currencies.ts';
import { languages } from './values/languages.ts';

/** What a partner may do beside ordering: the parties whose notices move other partners' orders. */
export const partnerRoles = ['PAYMENT_PROVIDER', 'WAREHOUSE', 'CARRIER'] as const;

export const partnerSchema = z.object({
  partnerId: z.string().regex(/^[a-z0-9][a-z0-9-]{1,38}$/),
  name: z.string().min(1).max(200),
  active: z.boolean(),
  language: z.enum(languages),
  currencies: z.array(z.enum(currencies)).min(1),
  pricesIncludeTax: z.boolean(),
  /** Where mails go when an order's contact has no e-mail address; also receives upload results and copies. */
  notifyEmail: z.email().optional(),
  /** Addresses, in small letters, whose mails are taken as its orders. */
  orderSenders: z.array(z.email()).default([]),
  /** What it calls the columns of its spreadsheets, where the template calls them otherwise. */
  headerAliases: z.record(z.string().min(1).max(200), z.enum(columnNames)).optional(),
  /** How far submitted totals may differ from ours, in minor units. */
  toleranceMinor: z.int().min(0),
  /** And in per cent of ours: where both are given the stricter holds. */
  tolerancePercent: z.number().min(0).max(100).optional(),
  /** The most of one order that finance may write off when too little was paid, in minor units; absent: nothing. */
  writeOffMinor: z.int().min(0).optional(),
  /** What is done about an order like one that came shortly before. */
  suspectedDuplicates: z.enum(['WARN', 'HOLD']).default('WARN'),
  /** Unpaid orders are cancelled after this long. */
  paymentDueMinutes: z.int().min(1),
  /** A delivered-by-silence order completes this many days after it was shipped. */
  autoCompleteDays: z.int().min(1),
  /** An unanswered problem order is cancelled after this many hours. */
  clarificationHours: z.int().min(1),
  roles: z.array(z.enum(partnerRoles)),
  /** Identifies the partner to its API Gateway usage plan; for metering, not a credential. */
  usageKey: z.string().optional(),
});
export type Partner = z.infer<typeof partnerSchema>;

export const customerTiers = ['STANDARD', 'SILVER', 'GOLD', 'WHOLESALE'] as const;

export const customerSchema = z.object({
  partnerId: z.string(),
  customerId: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  tier: z.enum(customerTiers),
  email: z.email().optional(),
  telephone: z.string().optional(),
  /** Tax number, as invoices name it. */
  taxId: z.string().optional(),
  /** Licences on file: what limits and qualification-bound goods are checked against. */
  qualifications: z.array(z.object({ type: z.string(), number: z.string(), validUntil: z.iso.date() })),
  /** The most it may owe on account, in minor units by currency; none at all: no limit was set. */
  creditLimits: z.partialRecord(z.enum(currencies), z.int().min(0)).default({}),
});
export type Customer = z.infer<typeof customerSchema>;
export type CustomerTier = (typeof customerTiers)[number];
