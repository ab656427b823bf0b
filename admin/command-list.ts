import * as z from 'zod';
import { areaColumns } from '../functions/master-data/area-table.ts';
import { discountColumns } from '../functions/master-data/discount-table.ts';
import { priceColumns } from '../functions/master-data/load-prices.ts';
import { productColumns } from '../functions/master-data/load-products.ts';
import { promotionColumns } from '../functions/master-data/promotion-table.ts';
import {
  answered,
  type Command,
  loadCommand,
  option,
  ruleLoadCommand,
  startHelp,
  startOf,
  startOptions,
} from './command.ts';
import {
  type IssuedKey,
  issueKey,
  type ListedKey,
  listKeys,
  revokeKey,
  rotateKey,
} from './commands/api-keys.ts';
import { dropKeyText, issueDropKey } from './commands/drop-key.ts';
import { listPartners } from './commands/list-partners.ts';
import { aliasColumns, loadAliases } from './commands/load-aliases.ts';
import { loadAreas } from './commands/load-areas.ts';
import { customerColumns, loadCustomers } from './commands/load-customers.ts';
import { loadDiscounts } from './commands/load-discounts.ts';
import { loadPartners, partnerColumns } from './commands/load-partners.ts';
import { loadPrices } from './commands/load-prices.ts';
import { loadProducts } from './commands/load-products.ts';
import { loadPromotions } from './commands/load-promotions.ts';
import { loadStock, stockColumns } from './commands/load-stock.ts';
import { listRules, loadRules, showRules } from './commands/rules.ts';
import { describeOrder, showOrder } from './commands/show-order.ts';
import { defaultLimits, periods, setPlan } from './commands/usage-plan.ts';
import { verificationText, verifyProvenance } from './commands/verify-provenance.ts';

const issuedText = ({ partnerId, keyId, key }: IssuedKey): string =>
  [`${key}`, '', `Key ${keyId} of ${partnerId}. It is shown only now: only its hash is kept.`].join('\n');

const keyText = ({ keyId, prefix, createdAt, revokedAt }: ListedKey): string =>
  `${keyId}  ${prefix}…  created ${createdAt}  ${revokedAt ? `revoked ${revokedAt}` : 'live'}`;

const number = (schema: z.ZodNumber) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error: 'must be a number' })
    .transform(Number)
    .pipe(schema);
const wholeFromOne = number(
  z.int({ error: 'must be a whole number' }).min(1, { error: 'must be at least 1' }),
);

const loads: readonly Command[] = [
  loadCommand(
    'partners',
    'partners: language, currencies, tolerance, deadlines, roles',
    partnerColumns,
    loadPartners,
  ),
  loadCommand('customers', "partners' customers: tier, licences and credit", customerColumns, loadCustomers),
  loadCommand(
    'products',
    'the catalogue: names, specifications, units, tax, limits',
    productColumns,
    loadProducts,
  ),
  loadCommand('prices', 'price lists by tier, currency, quantity and period', priceColumns, loadPrices),
  loadCommand('stock', 'goods receipts, each counted once', stockColumns, loadStock),
  loadCommand('aliases', "partners' own article codes", aliasColumns, loadAliases),
  ruleLoadCommand('areas', 'rules: where we deliver', areaColumns, loadAreas),
  ruleLoadCommand('discounts', 'rules: the deepest discount of each tier', discountColumns, loadDiscounts),
  ruleLoadCommand(
    'promotions',
    'rules: promotion codes, for whom, when and how much',
    promotionColumns,
    loadPromotions,
  ),
];

const rules: readonly Command[] = [
  {
    name: 'rules list',
    parameters: [],
    summary: 'the documents of rules: versions in force and to come',
    run: async (target) => {
      const all = await listRules(target);
      const lines = all.map(({ name, inForce, planned }) =>
        [
          name,
          inForce === 0 ? 'built in' : `version ${inForce}`,
          ...planned.map(({ version, from }) => `version ${version} from ${from}`),
        ].join('  '),
      );
      return answered(lines.join('\n'), all);
    },
  },
  {
    name: 'rules show',
    parameters: ['NAME'],
    options: { version: 'N' },
    summary: 'a document of rules, written as rules load reads it',
    details: '  --version N   one of its versions, 0 for what is built in; without it, the one in force',
    run: async (target, [name = ''], options) => {
      const wanted = option(options, 'version', number(z.int().min(0)));
      const shown = await showRules(target, name, wanted);
      return answered(JSON.stringify(shown.content, null, 2), shown);
    },
  },
  {
    name: 'rules load',
    parameters: ['NAME', 'FILE'],
    options: startOptions,
    summary: 'loads a whole document of rules from a JSON file',
    details: startHelp,
    run: async (target, [name = '', file = ''], options) => {
      const stored = await loadRules(target, name, file, startOf(options));
      const unchanged = stored.outcome === 'unchanged' ? ' Nothing was written.' : '';
      return answered(
        `${file}: version ${stored.version}, in force from ${stored.from}.${unchanged}`,
        stored,
      );
    },
  },
];

const keys: readonly Command[] = [
  {
    name: 'keys issue',
    parameters: ['PARTNER'],
    summary: 'gives a partner its API key, shown once, and a usage plan when it has none',
    run: async (target, [partner = '']) => {
      const issued = await issueKey(target, partner);
      return answered(issuedText(issued), issued);
    },
  },
  {
    name: 'keys rotate',
    parameters: ['PARTNER'],
    summary: 'gives a partner a second key; the first works until it is revoked',
    run: async (target, [partner = '']) => {
      const issued = await rotateKey(target, partner);
      return answered(issuedText(issued), issued);
    },
  },
  {
    name: 'keys revoke',
    parameters: ['PARTNER', 'KEY_ID'],
    summary: 'ends a key, within the time the API remembers its answer (a minute at most)',
    run: async (target, [partner = '', keyId = '']) => {
      const key = await revokeKey(target, partner, keyId);
      return answered(keyText(key), key);
    },
  },
  {
    name: 'keys list',
    parameters: ['PARTNER'],
    summary: 'the keys of a partner, live and revoked',
    run: async (target, [partner = '']) => {
      const all = await listKeys(target, partner);
      return answered(all.length === 0 ? `${partner} has no keys.` : all.map(keyText).join('\n'), all);
    },
  },
];

const defaultHours = 1;

const drops: Command = {
  name: 'drop-key',
  parameters: ['PARTNER'],
  options: { hours: 'N' },
  summary: 'gives a partner keys to drop files into the bucket, below its own prefix only',
  details: [
    `  --hours N   how long they are good for, 1 to 12; blank: ${defaultHours}`,
    '',
    'On AWS you take on the role of the stack (output PartnerDropRoleArn) with the session tag partnerId; if you work by',
    'a role yourself, AWS allows one hour. For keys that last, attach the policy PartnerDropPolicyArn to an IAM user with',
    'the tag partnerId, or to a role with that tag behind IAM Roles Anywhere or AWS Transfer Family.',
  ].join('\n'),
  run: async (target, [partner = ''], options) => {
    const hours = option(
      options,
      'hours',
      wholeFromOne.pipe(z.number().max(12, { error: 'must be at most 12' })),
    );
    const key = await issueDropKey(target, partner, hours ?? defaultHours);
    return answered(dropKeyText(key), key);
  },
};

const plans: Command = {
  name: 'plan set',
  parameters: ['PARTNER'],
  options: { rate: 'N', burst: 'N', quota: 'N', period: periods.join('|') },
  summary: 'sets how many requests a partner may send',
  details: [
    '  --rate N      requests a second, lasting',
    '  --burst N     requests at once',
    '  --quota N     requests in a period',
    '  --period P    DAY, WEEK or MONTH',
    '',
    `Those not named stay as they are; a new plan starts with ${defaultLimits.rate}, ${defaultLimits.burst}, ${defaultLimits.quota} and ${defaultLimits.period}.`,
  ].join('\n'),
  run: async (target, [partner = ''], options) => {
    const wanted = {
      rate: option(options, 'rate', number(z.number().positive({ error: 'must be more than 0' }))),
      burst: option(options, 'burst', wholeFromOne),
      quota: option(options, 'quota', wholeFromOne),
      period: option(options, 'period', z.enum(periods, { error: `must be ${periods.join(', ')}` })),
    };
    const named = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const limits = await setPlan(target, partner, named);
    const { rate, burst, quota, period } = limits;
    return answered(`${partner}: ${rate} a second, ${burst} at once, ${quota} a ${period.toLowerCase()}.`, {
      partnerId: partner,
      ...limits,
    });
  },
};

const views: readonly Command[] = [
  {
    name: 'partners list',
    parameters: [],
    summary: 'all partners',
    run: async (target) => {
      const partners = await listPartners(target);
      const lines = partners.map(({ partnerId, name, active, language, currencies, roles }) =>
        [partnerId, name, language, currencies.join('/'), ...roles, ...(active ? [] : ['not active'])].join(
          '  ',
        ),
      );
      return answered(lines.length === 0 ? 'There are no partners yet.' : lines.join('\n'), partners);
    },
  },
  {
    name: 'show order',
    parameters: ['NUMBER'],
    summary: 'an order: status, open findings, events, mails',
    run: async (target, [orderNumber = '']) => {
      const record = await showOrder(target, orderNumber);
      return answered(describeOrder(record), record);
    },
  },
  {
    name: 'verify-provenance',
    parameters: ['[ORDER…]'],
    summary: 'compares orders field by field with their originals; all orders when none is named',
    details: [
      'Reads each original again, by its version, makes the order of it by the same steps that intake took, and tells in a',
      'line each field that is not what the original says: order, field, what is stored, what the original says, and where.',
      'Ends with exit code 1 when there is a difference. Writes nothing.',
    ].join('\n'),
    run: async (target, orderNumbers) => {
      const verified = await verifyProvenance(target, orderNumbers);
      return {
        exitCode: verified.differences === 0 ? 0 : 1,
        text: verificationText(verified),
        json: verified,
      };
    },
  },
];

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [...loads, ...rules, ...keys, plans, drops, ...views];
