import { readFindingId } from '../../domain/findings/finding-id.ts';
import type { OrderRecord, StoredFinding } from '../../domain/orders/order.ts';
import { mayView } from '../../domain/permissions.ts';
import type { HttpRequest } from './http-handler.ts';
import type { OrdersTable } from './orders-table.ts';
import { HttpProblem } from './problem.ts';

type Found = { order: OrderRecord; finding: StoredFinding };

/** A finding of an order by its number. Throws HttpProblem where there is none. */
export const findingByNumber = ({ findings }: OrderRecord, number: number): StoredFinding => {
  const finding = findings.find((one) => one.number === number && one.severity !== 'WARNING');
  if (!finding) throw new HttpProblem('not-found');
  return finding;
};

/** The finding of the path, for staff who may see findings. */
export const findingOfPath = async (
  { principal, path }: HttpRequest,
  orders: Pick<OrdersTable, 'read'>,
): Promise<Found> => {
  if (!mayView(principal, 'findings')) throw new HttpProblem('forbidden');
  const id = readFindingId(path.findingId ?? '');
  const order = id && (await orders.read(id.orderNumber));
  if (!order) throw new HttpProblem('not-found');
  return { order, finding: findingByNumber(order, id.number) };
};
