import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Where master data is loaded into, who loads it, when, and why. */
export type CatalogueStore = {
  dynamodb: DynamoDBDocumentClient;
  tables: { catalogue: string };
  operator: string;
  note?: string | undefined;
  now: () => Date;
};

/** Somebody else changed the same thing between reading and writing; loading the file again goes on from there. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
  readonly sku: string;
  constructor(sku: string) {
    super(`${sku} was changed by someone else meanwhile. Load the file again.`);
    this.sku = sku;
  }
}
