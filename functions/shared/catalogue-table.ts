import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Product, productSchema } from '../../domain/product.ts';
import type { SubmittedLine } from '../../domain/submissions/order-schema.ts';
import { spellingsOf } from '../../domain/submissions/spellings.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';
import { createRuleBook, type RuleBook } from './rule-book.ts';

const catalogueEnv = env({ CATALOGUE_TABLE: z.string() });

type Key = { pk: string; sk: string };
const pointerSchema = z.object({ pk: z.string(), sku: z.string() });
const keySchema = z.object({ pk: z.string(), sk: z.string() });

const batchSize = 100;

/** An order whose codes are all unknown was not misspelt. */
const maxMisspelt = 10;
const candidateSchema = z.object({ sku: z.string(), discontinued: z.boolean().default(false) });

/** One rule book a client, which lives as long as its container. */
const ruleBooks = new WeakMap<DynamoDBDocumentClient, RuleBook>();

/** The catalogue: products with their prices, the other names (GTIN, buyers' item codes) that lead to them, and the rules. */
export const catalogueTable = (db = documentClient(), tableName = () => catalogueEnv().CATALOGUE_TABLE) => {
  const readAll = async (
    wanted: readonly Key[],
    { ConsistentRead = false } = {},
  ): Promise<Record<string, unknown>[]> => {
    const items: Record<string, unknown>[] = [];
    let keys = [...new Map(wanted.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
    while (keys.length > 0) {
      const { Responses, UnprocessedKeys } = await db.send(
        new BatchGetCommand({
          RequestItems: { [tableName()]: { Keys: keys.slice(0, batchSize), ConsistentRead } },
        }),
      );
      items.push(...(Responses?.[tableName()] ?? []));
      keys = [
        ...z.array(keySchema).parse(UnprocessedKeys?.[tableName()]?.Keys ?? []),
        ...keys.slice(batchSize),
      ];
    }
    return items;
  };

  const readProducts = async (skus: readonly string[]): Promise<Map<string, Product>> => {
    const items = await readAll(skus.map((sku) => ({ pk: `SKU#${sku}`, sk: 'PRODUCT' })));
    return new Map(items.map((item) => productSchema.parse(item)).map((product) => [product.sku, product]));
  };

  const ruleBook = ruleBooks.get(db) ?? createRuleBook(readAll);
  ruleBooks.set(db, ruleBook);

  return {
    readProducts,

    /** Articles on sale that a code which leads nowhere may have been meant as, by that code: ours, or the partner's own. */
    articlesLike: async (partnerId: string, codes: readonly string[]): Promise<Map<string, string[]>> => {
      const keysByCode = new Map(
        [...new Set(codes)].slice(0, maxMisspelt).map((code) => {
          const spellings = spellingsOf(code);
          return [
            code,
            [
              ...[code, ...spellings].map((alias) => ({ pk: `ALIAS#${partnerId}#${alias}`, sk: 'ALIAS' })),
              ...[code, ...spellings].map((sku) => ({ pk: `SKU#${sku}`, sk: 'PRODUCT' })),
              { pk: `GTIN#${code}`, sk: 'GTIN' },
            ],
          ];
        }),
      );
      const found = new Map(
        (await readAll([...keysByCode.values()].flat())).map((item) => [
          keySchema.parse(item).pk,
          candidateSchema.parse(item),
        ]),
      );
      return new Map(
        [...keysByCode].map(([code, keys]) => {
          const articles = keys.flatMap(({ pk }) => found.get(pk) ?? []);
          return [
            code,
            [...new Set(articles.flatMap(({ sku, discontinued }) => (discontinued ? [] : [sku])))],
          ];
        }),
      );
    },

    /** The rules that hold on a day (`YYYY-MM-DD`, company zone), at most a minute old. */
    readRules: ruleBook,

    /** The SKU of each line, by position: given, or found by the partner's item code or the GTIN. */
    resolveSkus: async (
      partnerId: string,
      lines: readonly Pick<SubmittedLine, 'sku' | 'buyerItemId' | 'gtin'>[],
    ): Promise<(string | undefined)[]> => {
      const otherName = ({ sku, buyerItemId, gtin }: (typeof lines)[number]): Key | undefined => {
        if (sku) return undefined;
        if (buyerItemId) return { pk: `ALIAS#${partnerId}#${buyerItemId}`, sk: 'ALIAS' };
        return gtin ? { pk: `GTIN#${gtin}`, sk: 'GTIN' } : undefined;
      };
      const names = lines.map(otherName);
      const found = await readAll(names.filter((name) => name !== undefined));
      const skuByName = new Map(
        found.map((item) => pointerSchema.parse(item)).map(({ pk, sku }) => [pk, sku]),
      );
      return lines.map((line, index) => line.sku ?? skuByName.get(names[index]?.pk ?? ''));
    },
  };
};

export type CatalogueTable = ReturnType<typeof catalogueTable>;
