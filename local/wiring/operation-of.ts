import type { JsonOperation } from '../http/aws-json.ts';

/** One operation of a JSON service, called from inside. */
export const operationOf = (operations: Record<string, JsonOperation>, name: string): JsonOperation => {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`There is no operation ${name}.`);
  return operation;
};
