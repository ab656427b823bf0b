import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { loadDiscounts } from '../../../admin/commands/load-discounts.ts';
import { loadProducts } from '../../../admin/commands/load-products.ts';
import { loadPromotions } from '../../../admin/commands/load-promotions.ts';
import { listRules, loadRules, showRules } from '../../../admin/commands/rules.ts';
import { rulesOf } from '../../../domain/rules/rules.ts';
import { readRows } from '../../../functions/master-data/rows.ts';
import { catalogueTable } from '../../../functions/shared/catalogue-table.ts';
import { createRuleBook } from '../../../functions/shared/rule-book.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();
const today = '2026-03-02';

/** The rules as a function that has just started reads them. */
const rulesOn = (day: string) => {
  const { dynamodb, tables } = local.target;
  return createRuleBook((keys) => readRows(dynamodb, tables.catalogue, keys, z.looseObject({})))(day);
};

const json = async (content: unknown): Promise<string> => {
  const path = join(local.folder, `${crypto.randomUUID()}.json`);
  await writeFile(path, JSON.stringify(content));
  return path;
};

const discounts = (gold: number) =>
  local.file('tier,maximumPercent', 'STANDARD,5', 'SILVER,8', `GOLD,${gold}`, 'WHOLESALE,15');

const header =
  'code,nameZh,nameEn,benefit,value,currency,validFrom,validTo,tiers,skus,minimumQuantity,minimumAmount';

describe('discounts', () => {
  test('are the built-in ones until a file is loaded, which becomes their next version', async () => {
    expect(await rulesOn(today)).toEqual(rulesOf({}));
    expect(await loadDiscounts(local.target, await discounts(12.5))).toMatchObject({
      outcome: 'loaded',
      created: 4,
      version: 1,
    });
    expect((await rulesOn(today)).discounts).toEqual({
      version: 1,
      content: { maximumPercent: { STANDARD: 5, SILVER: 8, GOLD: 12.5, WHOLESALE: 15 } },
    });
  });

  test('loaded again are no new version; changed, they are one', async () => {
    const file = await discounts(12);
    await loadDiscounts(local.target, file);
    expect(await loadDiscounts(local.target, file)).toMatchObject({ created: 0, unchanged: 4, version: 1 });
    expect(await loadDiscounts(local.target, await discounts(13))).toMatchObject({
      changed: 1,
      unchanged: 3,
      version: 2,
    });
    expect((await showRules(local.target, 'discounts', 1)).content).toMatchObject({
      maximumPercent: { GOLD: 12 },
    });
  });

  test('of a later day hold from then on', async () => {
    await loadDiscounts(local.target, await discounts(12));
    await loadDiscounts(local.target, await discounts(20), { from: '2026-04-01' });
    expect((await rulesOn('2026-03-31')).discounts.version).toBe(1);
    expect((await rulesOn('2026-04-01')).discounts.version).toBe(2);
    expect(await listRules(local.target)).toEqual([
      { name: 'areas', inForce: 0, planned: [] },
      { name: 'discounts', inForce: 1, planned: [{ version: 2, from: '2026-04-01' }] },
      { name: 'orderTypes', inForce: 0, planned: [] },
      { name: 'promotions', inForce: 0, planned: [] },
    ]);
  });

  test.for([
    [['STANDARD,5', 'SILVER,8', 'GOLD,10'], { row: 1, message: 'has no row for WHOLESALE' }],
    [['STANDARD,5', 'STANDARD,6', 'GOLD,10'], { row: 3, message: 'stands in row 2 already' }],
    [['STANDARD,101'], { row: 2, value: '101', message: 'must not be more than 100' }],
  ] as const)('with a fault are refused: %j', async ([rows, problem]) => {
    expect(await loadDiscounts(local.target, await local.file('tier,maximumPercent', ...rows))).toMatchObject(
      {
        outcome: 'refused',
        problems: [problem],
      },
    );
    expect((await rulesOn(today)).discounts.version).toBe(0);
  });

  test('loaded by two at once are both kept, or one is told', async () => {
    const loads = await Promise.allSettled(
      [11, 12, 13].map(async (gold) => loadDiscounts(local.target, await discounts(gold))),
    );
    const written = loads.filter(({ status }) => status === 'fulfilled').length;
    expect(written).toBeGreaterThan(0);
    expect((await rulesOn(today)).discounts.version).toBe(written);
    for (const load of loads)
      if (load.status === 'rejected') expect(String(load.reason)).toContain('changed by someone else');
  });
});

describe('promotions', () => {
  beforeEach(async () => {
    await loadProducts(
      local.target,
      await local.file(
        'sku,nameZh,nameEn,taxRate,pricesIncludeTax',
        'TEA,茶,Tea,0.13,yes',
        'PEN,笔,Pen,0.13,no',
      ),
    );
  });

  test('are the whole of the last file', async () => {
    const first = await local.file(
      `${header},usesPerCustomer`,
      'SPRING,春,Spring,PERCENT,10,,2026-03-01,2026-03-31,GOLD;SILVER,TEA;PEN,10,,',
      'LESS,减,Less,ORDER_AMOUNT,30,CNY,2026-03-01,,,,,300,2',
    );
    expect(await loadPromotions(local.target, first)).toMatchObject({ created: 2, removed: 0, version: 1 });
    expect((await rulesOn(today)).promotions.content.promotions).toEqual([
      {
        code: 'SPRING',
        name: { 'zh-CN': '春', en: 'Spring' },
        benefit: { type: 'PERCENT', value: '10' },
        validFrom: '2026-03-01',
        validTo: '2026-03-31',
        tiers: ['GOLD', 'SILVER'],
        skus: ['TEA', 'PEN'],
        minimumQuantity: 10,
        combinable: false,
      },
      {
        code: 'LESS',
        name: { 'zh-CN': '减', en: 'Less' },
        benefit: { type: 'ORDER_AMOUNT', value: '30' },
        currency: 'CNY',
        validFrom: '2026-03-01',
        minimumAmount: '300',
        usesPerCustomer: 2,
        combinable: false,
      },
    ]);
    const second = await local.file(
      `${header},usesPerCustomer`,
      'LESS,减,Less,ORDER_AMOUNT,30,CNY,2026-03-01,,,,,300,2',
    );
    expect(await loadPromotions(local.target, second)).toMatchObject({
      unchanged: 1,
      removed: 1,
      version: 2,
    });
    expect((await rulesOn(today)).promotions.content.promotions.map(({ code }) => code)).toEqual(['LESS']);
  });

  test.for([
    ['X,甲,X,PERCENT,101,,2026-03-01,,,,,', { column: 'value' }],
    ['X,甲,X,UNIT_AMOUNT,5,,2026-03-01,,,,,', { column: 'currency', message: 'amounts need a currency' }],
    ['X,甲,X,PERCENT,5,,2026-03-01,2026-02-01,,,,', { column: 'validTo', message: 'is before validFrom' }],
    ['X,甲,X,PERCENT,5,,2026-03-01,,GILT,,,', { column: 'tiers' }],
    [
      'X,甲,X,PERCENT,5,,2026-03-01,,,COFFEE,,',
      { column: 'skus', value: 'COFFEE', message: 'is not in the catalogue' },
    ],
    ['X,甲,X,HALF,5,,2026-03-01,,,,,', { column: 'benefit' }],
  ] as const)('with a fault are refused: %s', async ([row, problem]) => {
    expect(await loadPromotions(local.target, await local.file(header, row))).toMatchObject({
      outcome: 'refused',
      problems: [{ row: 2, ...problem }],
    });
  });
});

describe('a document as JSON', () => {
  test('is loaded, shown as it was loaded, and refused with every fault named', async () => {
    const content = { promotions: [] };
    const path = await json(content);
    expect(await loadRules(local.target, 'promotions', path, { note: 'spring is over' })).toMatchObject({
      outcome: 'stored',
      version: 1,
    });
    expect(await loadRules(local.target, 'promotions', path)).toMatchObject({ outcome: 'unchanged' });
    expect(await showRules(local.target, 'promotions')).toEqual({
      name: 'promotions',
      version: 1,
      from: today,
      loadedAt: '2026-03-02T08:00:00.000Z',
      loadedBy: 'operator:han',
      note: 'spring is over',
      content,
    });
    const wrong = await json({ maximumPercent: { GOLD: 200 }, more: 1 });
    await expect(loadRules(local.target, 'discounts', wrong)).rejects.toThrow(
      /more[\s\S]*STANDARD[\s\S]*GOLD/,
    );
    await expect(loadRules(local.target, 'prizes', path)).rejects.toThrow('There are no rules "prizes"');
    await expect(showRules(local.target, 'promotions', 7)).rejects.toThrow('no version 7');
    await expect(loadRules(local.target, 'promotions', path, { from: '2026-03-01' })).rejects.toThrow(
      '2026-03-01 is past',
    );
  });

  test('is what every function goes by that reads the catalogue', async () => {
    const { dynamodb, tables } = local.target;
    await loadDiscounts(local.target, await discounts(12));
    const rules = await catalogueTable(dynamodb, () => tables.catalogue).readRules(today);
    expect(rules.discounts.version).toBe(1);
  });
});
