import type { OrderRecord } from '../../domain/orders/order.ts';
import { compareContent, compareState, type Difference } from '../../domain/provenance/difference.ts';
import { afterEdits, editsOf } from '../../domain/provenance/edits.ts';
import { leavesOf } from '../../domain/provenance/leaves.ts';
import { originsOf } from '../../domain/provenance/origins-of.ts';
import { rebuildContent } from '../../domain/provenance/rebuild-content.ts';
import { receivedDataSchema } from '../../domain/provenance/received-order-data.ts';
import { createRereadOriginal, type OriginalDeps, Unproven } from './reread-original.ts';

/** How many fields of an order were compared with its original, and what was found. */
export type Verification = { orderNumber: string; fields: number; differences: Difference[] };

/**
 * Proves a stored order equal to its original: reads the original again, makes the order of it by the same steps that intake
 * took and by the edits that its events tell, and compares every field, every recorded text, and what the state repeats. Writes nothing.
 */
export const createVerifyOrder = (deps: OriginalDeps) => {
  const reread = createRereadOriginal(deps);

  const prove = async ({ state, content, events }: OrderRecord): Promise<Difference[]> => {
    const [received] = events;
    const data = receivedDataSchema.safeParse(received?.data).data;
    if (!received || !data) throw new Unproven('NO_PROVENANCE', 'the first event');
    const { masterData } = data;
    const receipt = { partnerId: received.actor.replace(/^partner:/, ''), receivedAt: received.at };
    const { body, source, origins, differences } = await reread(data, receipt);
    const rebuilt = rebuildContent(body, { source, masterData, receivedAt: received.at });
    if (!rebuilt) throw new Unproven('ORIGINAL_UNREADABLE', data.source.objectKey);
    const edits = editsOf(events);
    const edited = afterEdits(rebuilt, edits) ?? rebuilt;
    const { customerTier, customerId } = edits.at(-1) ?? masterData;
    return [
      ...differences,
      ...compareContent(content, edited, originsOf(content, origins, edits)),
      ...compareState(state, edited, { ...receipt, masterData: { ...masterData, customerTier, customerId } }),
    ];
  };

  return async (order: OrderRecord): Promise<Verification> => {
    const { orderNumber } = order.state;
    const fields = leavesOf(order.content).length;
    try {
      return { orderNumber, fields, differences: await prove(order) };
    } catch (error) {
      if (!(error instanceof Unproven)) throw error;
      return { orderNumber, fields, differences: [{ kind: error.kind, field: '#', stored: error.where }] };
    }
  };
};
