import { mayLoadCatalogue } from '../../domain/permissions.ts';
import { loadProductTable } from '../master-data/load-products.ts';
import { catalogueOf } from '../shared/catalogue-of.ts';
import { httpHandler } from '../shared/http-handler.ts';
import { createLoadTable, tableOperation } from '../shared/load-table.ts';

export const operation = tableOperation('Loads products from a csv or xlsx file; for staff of their group');

/** POST /desk/products: the rows of a table, as the operator's command loads them. */
export const handler = httpHandler((request) =>
  createLoadTable({
    catalogueOf,
    may: (principal) => mayLoadCatalogue(principal, 'products'),
    load: loadProductTable,
  })(request),
);
