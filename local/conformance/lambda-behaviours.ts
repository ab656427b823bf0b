import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { TaskError } from '../states/integration.ts';

const failure = (errorType: string, errorMessage: string): never => {
  const cause = { errorMessage, errorType, requestId: '', stackTrace: [] };
  throw new TaskError(errorType, JSON.stringify(cause));
};

/** How Python's str() writes a JSON value. */
const pythonText = (value: JsonValue, isNested = false): string => {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return isNested ? `'${value}'` : value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => pythonText(item, true)).join(', ')}]`;
  const fields = Object.entries(value).map(([key, field]) => `'${key}': ${pythonText(field, true)}`);
  return `{${fields.join(', ')}}`;
};

const largeOutputBytes = 257 * 1024;

/** What the recorded functions do, by the names of the case file. */
export const lambdaBehaviours = (clock: Clock): Record<string, (event: JsonValue) => Promise<JsonValue>> => ({
  identity: async (event) => event,
  raise: async () => failure('Exception', 'Some exception was raised.'),
  'raise-custom': async () => failure('CustomException', ''),
  'wait-60s': (event) => new Promise((resolve) => clock.setTimer(clock.now() + 60_000, () => resolve(event))),
  'large-output': async () => 'a'.repeat(largeOutputBytes),
  'bytes-string': async () => 'HelloWorld!',
  'decorated-input': async (event) => `input-event-${pythonText(event)}`,
  echo: async () => ({ Return: 'HelloWorld' }),
});
