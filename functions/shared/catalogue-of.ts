import * as z from 'zod';
import { actorName, type Principal } from '../../domain/permissions.ts';
import type { CatalogueStore } from '../master-data/store.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';

const catalogueEnv = env({ CATALOGUE_TABLE: z.string() });

/** The catalogue for a member of staff to load into. */
export const catalogueOf = (principal: Principal): CatalogueStore => ({
  dynamodb: documentClient(),
  tables: { catalogue: catalogueEnv().CATALOGUE_TABLE },
  operator: actorName(principal),
  now: () => new Date(),
});
