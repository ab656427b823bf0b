import * as z from 'zod';
import type { Principal } from '../../domain/permissions.ts';
import { ruleNoteSchema } from '../../domain/rules/rules.ts';
import { tableMediaTypes } from '../intake/media-types.ts';
import type { LoadResult } from '../master-data/load-result.ts';
import type { Table } from '../master-data/read-table.ts';
import { type CatalogueStore, ChangedMeanwhile } from '../master-data/store.ts';
import type { HttpAnswer, HttpRequest } from './http-handler.ts';
import { parseQuery } from './list-query.ts';
import type { Operation } from './operation.ts';
import { HttpProblem } from './problem.ts';
import { tableOfBody, tableProblem } from './table-body.ts';

const querySchema = z.strictObject({ note: ruleNoteSchema.optional() });

const answerSchema = z.object({
  outcome: z.literal('loaded'),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
});

/** What a route is that loads a table's rows. */
export const tableOperation = (summary: string) =>
  ({
    summary,
    query: querySchema,
    files: tableMediaTypes,
    answers: { 200: { description: 'How many rows changed something', schema: answerSchema } },
    problems: ['conflict'],
  }) satisfies Operation;

type Deps = {
  catalogueOf: (principal: Principal) => CatalogueStore;
  may: (principal: Principal) => boolean;
  load: (store: CatalogueStore, table: Table) => Promise<LoadResult>;
};

/** Loads the table that a request brings; one with a problem changes nothing, and every problem is named at its cell. */
export const createLoadTable =
  ({ catalogueOf, may, load }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    if (!may(request.principal)) throw new HttpProblem('forbidden');
    const { note } = parseQuery(querySchema, request.query);
    const table = await tableOfBody(request);
    if (!table) throw new HttpProblem('unsupported-media-type');
    try {
      const result = await load({ ...catalogueOf(request.principal), note }, table);
      if (result.outcome === 'refused') throw tableProblem(result.problems, request.language);
      return { status: 200, body: result satisfies z.infer<typeof answerSchema> };
    } catch (error) {
      if (error instanceof ChangedMeanwhile) throw new HttpProblem('conflict', { sku: error.sku });
      throw error;
    }
  };
