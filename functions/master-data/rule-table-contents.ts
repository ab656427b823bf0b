import type { RuleName } from '../../domain/rules/rules.ts';
import { areaTable } from './area-table.ts';
import { discountTable } from './discount-table.ts';
import { promotionTable } from './promotion-table.ts';
import type { RowProblem } from './read-records.ts';
import type { Table } from './read-table.ts';
import type { RuleTable, RuleTableStore } from './rule-tables.ts';

type ReadContent = (
  store: RuleTableStore,
  table: Table,
) => Promise<{ problems: RowProblem[]; content: unknown }>;

const contentOf =
  <Row>({ read, contentOf: whole }: RuleTable<Row>): ReadContent =>
  async (store, table) => {
    const { problems, rows } = await read(store, table);
    return { problems, content: problems.length > 0 ? undefined : whole(rows) };
  };

/** How the rules that are tables are read as documents; those that are not here are JSON only. */
export const ruleTableContents: ReadonlyMap<RuleName, ReadContent> = new Map([
  ['areas', contentOf(areaTable)],
  ['discounts', contentOf(discountTable)],
  ['promotions', contentOf(promotionTable)],
]);
