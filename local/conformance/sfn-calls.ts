import type { JsonOperation } from '../http/aws-json.ts';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import { TaskError } from '../states/integration.ts';

const withKeys = (value: JsonValue, toKey: (key: string) => string): Record<string, JsonValue> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, field]) => [toKey(key), field]))
    : {};

const camelCase = (key: string) => key.charAt(0).toLowerCase() + key.slice(1);
const pascalCase = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);

/** Calls Step Functions as a task of the integration `aws-sdk:sfn` does: an action such as `sendTaskSuccess`. */
export const callSfn = async (
  operations: Record<string, JsonOperation>,
  action: string,
  args: JsonValue,
): Promise<JsonValue> => {
  const operation = operations[pascalCase(action)];
  if (operation === undefined) throw new TaskError('States.Runtime', `There is no operation ${action}.`);
  try {
    return withKeys(await operation(withKeys(args, camelCase)), pascalCase);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { code, message, status } = error;
    throw new TaskError(`Sfn.${code}Exception`, `${message} (Service: Sfn, Status Code: ${status})`);
  }
};
