import { mayLoadCatalogue } from '../../domain/permissions.ts';
import { loadPriceTable } from '../master-data/load-prices.ts';
import { catalogueOf } from '../shared/catalogue-of.ts';
import { httpHandler } from '../shared/http-handler.ts';
import { createLoadTable, tableOperation } from '../shared/load-table.ts';

export const operation = tableOperation('Loads prices from a csv or xlsx file; for staff of their group');

/** POST /desk/prices: the rows of a table, as the operator's command loads them. */
export const handler = httpHandler((request) =>
  createLoadTable({
    catalogueOf,
    may: (principal) => mayLoadCatalogue(principal, 'prices'),
    load: loadPriceTable,
  })(request),
);
