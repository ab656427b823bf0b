import type { Node } from 'constructs';
import * as z from 'zod';
import { defaultUploadRows, mostUploadRows } from '../domain/uploads/upload-limits.ts';
import { languages } from '../domain/values/languages.ts';

const timeZone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone), 'no such time zone');

/** On the command line every value of the context is text. */
const flag = z.union([z.boolean(), z.stringbool()]);

const settingsSchema = z.object({
  stackName: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'letters, digits and hyphens, a letter first'),
  senderAddress: z.email(),
  /** Mails to it are taken as orders; empty: there are none. Its domain must be one that SES receives mail for. */
  orderAddress: z.union([z.email(), z.literal('')]),
  deskEmail: z.email(),
  warehouseEmail: z.email(),
  financeEmail: z.email(),
  alarmEmail: z.email(),
  companyName: z.string().min(1),
  companyTaxId: z.string().min(1),
  /** Where customers transfer money to, as payment mails tell it; lines end in \n. Empty: mails name no account. */
  companyBankAccount: z.string(),
  companyTimeZone: timeZone,
  staffLanguage: z.enum(languages),
  /** Tables and buckets outlive the stack; false only for a stack to try things with. */
  retainData: flag,
  /**
   * How many spreadsheets may be read at once, reserved out of the account's concurrency; 0 reserves nothing, which an
   * account whose whole quota is 10 needs.
   */
  uploadConcurrency: z.coerce.number().int().min(0).max(100),
  /** How many rows a spreadsheet may have; how large it may be follows from it. */
  uploadMaxRows: z.coerce.number().int().min(1).max(mostUploadRows),
  /** Whether the domains of customers' addresses are looked up in DNS; false where there is no network. */
  checkMailDomains: flag,
});

export type Settings = z.infer<typeof settingsSchema>;

const defaults: Settings = {
  stackName: 'Rudan',
  senderAddress: 'orders@example.com',
  orderAddress: 'orders-in@example.com',
  deskEmail: 'desk@example.com',
  warehouseEmail: 'warehouse@example.com',
  financeEmail: 'finance@example.com',
  alarmEmail: 'alarms@example.com',
  companyName: 'Example Trading Co., Ltd.',
  companyTaxId: '91310000EXAMPLE00X',
  companyBankAccount: '',
  companyTimeZone: 'Asia/Shanghai',
  staffLanguage: 'zh-CN',
  retainData: true,
  uploadConcurrency: 5,
  uploadMaxRows: defaultUploadRows,
  checkMailDomains: true,
};

/**
 * Reads the settings from the CDK context (`-c name=value`, then cdk.json), then the example.com defaults.
 * Throws an Error that names every setting that is wrong.
 */
export const readSettings = (node: Node): Settings => {
  const given = Object.fromEntries(
    Object.entries(defaults).map(([name, value]): [string, unknown] => [
      name,
      node.tryGetContext(name) ?? value,
    ]),
  );
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) throw new Error(`Settings in the CDK context:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

/** What functions that let files in are told of how long these may be. */
export const uploadEnvironment = ({ uploadMaxRows }: Settings): Record<string, string> => ({
  UPLOAD_MAX_ROWS: String(uploadMaxRows),
});

/** What functions that audit orders are told beside the company. */
export const auditEnvironment = ({ checkMailDomains }: Settings): Record<string, string> => ({
  CHECK_MAIL_DOMAINS: String(checkMailDomains),
});

/** What functions that write mails or invoices are told of the company. */
export const companyEnvironment = (settings: Settings): Record<string, string> => ({
  COMPANY_NAME: settings.companyName,
  COMPANY_TAX_ID: settings.companyTaxId,
  COMPANY_TIME_ZONE: settings.companyTimeZone,
  DESK_EMAIL: settings.deskEmail,
  WAREHOUSE_EMAIL: settings.warehouseEmail,
  FINANCE_EMAIL: settings.financeEmail,
  STAFF_LANGUAGE: settings.staffLanguage,
});
