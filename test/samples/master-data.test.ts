import { expect, test } from 'vitest';
import { stockTable } from '../../functions/shared/stock-table.ts';
import { loadMasterData } from '../../samples/load-master-data.ts';
import { useLocalTarget } from '../admin/local-target.ts';

const local = useLocalTarget();

const level = async (sku: string) =>
  (await stockTable(local.target.dynamodb, () => local.target.tables.stock).readLevels([sku])).get(sku);

const nothing = { outcome: 'loaded', created: 0, changed: 0 };

test('the sample master data loads whole, and a second time changes nothing', async () => {
  const first = await loadMasterData(local.target);
  const second = await loadMasterData(local.target);
  for (const [what, result] of Object.entries(first)) {
    expect(result, what).toMatchObject({ outcome: 'loaded', changed: 0, unchanged: 0 });
    const created = result.outcome === 'loaded' ? result.created : 0;
    expect(created, what).toBeGreaterThan(0);
    expect(second[what], what).toMatchObject({ ...nothing, unchanged: created });
  }
  expect(await level('CUP-750-RD')).toMatchObject({ available: 0 });
  expect(await level('RICE-KG')).toMatchObject({ onHand: 20000.5, reserved: 0, available: 20000.5 });
});
