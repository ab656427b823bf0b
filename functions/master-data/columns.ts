import * as z from 'zod';
import { nearestName } from '../../domain/customers/nearest-name.ts';
import { type ColumnName, columnFor, columnNames } from '../../domain/uploads/template-columns.ts';
import { type Currency, currencies } from '../../domain/values/currencies.ts';
import { isGtin } from '../../domain/values/gtin.ts';
import { fitsCurrency, toMinor } from '../../domain/values/money.ts';

/** The kinds of column that master data files have. A message completes the sentence "row 7, price: …". */

export const text = (max: number) =>
  z.string().max(max, { error: `must not be longer than ${max} characters` });

export const identifier = text(64);

export const partnerId = z.string().regex(/^[a-z0-9][a-z0-9-]{1,38}$/, {
  error: 'must be 2 to 39 small letters, digits and hyphens, such as example-shop',
});

/** A price: up to four decimals, kept as text. */
export const price = z.string().regex(/^\d{1,12}(\.\d{1,4})?$/, {
  error: 'must be a number with at most four decimals, such as 39.90',
});

export const quantity = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,3})?$/, { error: 'must be a number, not negative, with at most three decimals' })
  .transform(Number);

export const wholeNumber = (minimum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((value) => value >= minimum, { error: `must be at least ${minimum}` });

export const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?%?$/, { error: 'must be a number such as 7.5' })
  .transform(Number.parseFloat)
  .refine((value) => value <= 100, { error: 'must not be more than 100' });

export const fraction = z.string().regex(/^(0(\.\d{1,4})?|1)$/, { error: 'must be a fraction such as 0.13' });

export const day = z.iso.date({ error: 'must be a day such as 2026-03-09' });

export const gtin = z.string().refine(isGtin, {
  error: 'must be a GTIN of 8, 12, 13 or 14 digits with its check digit',
  params: { code: 'GTIN_CHECK_DIGIT' },
});

export const email = z.email({ error: 'must be an e-mail address' });

export const telephone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, { error: 'must be written as +8613800138000' });

export const taxId = z
  .string()
  .regex(/^[0-9A-Z]{5,20}$/, { error: 'must be 5 to 20 digits and capital letters' });

const fewChoices = 8;

const choiceError = (choices: readonly string[]) => (issue: { input?: unknown }) => {
  const meant = choices.length > fewChoices ? nearestName(String(issue.input), choices) : undefined;
  return meant ? `is not known; did you mean ${meant}?` : `must be one of ${choices.join(', ')}`;
};

export const oneOf = <const Choice extends string>(choices: readonly [Choice, ...Choice[]]) =>
  z.enum(choices, { error: choiceError(choices) });

export const yesNo = oneOf(['yes', 'no']).transform((answer) => answer === 'yes');

const split = (list: string): string[] =>
  list
    .split(/[;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Values separated by semicolons. */
export const listOf = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z.string().transform(split).pipe(z.array(item));

const templateColumn = (written: string): ColumnName | undefined =>
  columnNames.find((name) => name === written) ?? columnFor(written);

const alias = z.string().transform((written, context) => {
  const [, header = '', column = ''] = /^([^=]+)=([^=]+)$/.exec(written) ?? [];
  const name = templateColumn(column.trim());
  if (name !== undefined && header.trim() !== '') return [header.trim(), name] as const;
  context.addIssue({
    code: 'custom',
    message: 'must be written as THEIR HEADER=OUR COLUMN, by a header of the template',
  });
  return z.NEVER;
});

/** What a partner calls columns of the template, written as THEIR HEADER=OUR COLUMN and separated by semicolons. */
export const headerAliases = listOf(alias).transform((pairs) => Object.fromEntries(pairs));

/** A licence written as TYPE/NUMBER/VALID-UNTIL. */
export const licence = z
  .string()
  .regex(/^[^/]{1,64}\/[^/]{1,64}\/\d{4}-\d\d-\d\d$/, { error: 'must be written as TYPE/NUMBER/2030-12-31' })
  .transform((written) => {
    const [type = '', number = '', validUntil = ''] = written.split('/');
    return { type, number, validUntil };
  })
  .refine(({ validUntil }) => day.safeParse(validUntil).success, {
    error: 'must end with a day such as 2030-12-31',
  });

const creditLimit = z.string().transform((written, context) => {
  const [, code = '', amount = ''] = /^([A-Z]{3}) (\d{1,12}(?:\.\d{1,3})?)$/.exec(written) ?? [];
  const currency = z.enum(currencies).safeParse(code).data;
  if (currency && fitsCurrency(amount, currency)) return [currency, toMinor(amount, currency)] as const;
  context.addIssue({ code: 'custom', message: 'must be written as CNY 50000.00' });
  return z.NEVER;
});

/** Amounts by currency, in minor units. */
export const creditLimits = listOf(creditLimit).transform(
  (limits): Partial<Record<Currency, number>> => Object.fromEntries(limits),
);
