import { describe, expect, test } from 'vitest';
import { isEmbedded } from './a-database.ts';
import { useTables } from './a-table.ts';
import { knownDifferences } from './known-differences.ts';

// Fails when a new version of the binary does as AWS does: then its entry goes, and its test joins the contract.
describe.skipIf(!isEmbedded)('the embedded binary still differs:', () => {
  const at = useTables();

  test.for(knownDifferences)('$onAws; here $embedded', async ({ observe, expected, observed }) => {
    expect(observed).not.toEqual(expected);
    expect(await observe(at, at.aKey())).toEqual(observed);
  });
});
