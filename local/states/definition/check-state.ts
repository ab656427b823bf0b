import type { JsonValue } from '../../json.ts';
import { syntaxErrorIn } from '../expression/parse.ts';
import { refusedReferencesIn, type StatesField } from '../expression/references.ts';
import { expressionIn, stringsIn } from '../expression/template.ts';
import { checkMap } from './check-map.ts';
import type { Issues } from './issues.ts';
import { parseResource } from './resource.ts';
import type { State, TaskState, WaitState } from './state-schemas.ts';
import { parseTimestamp } from './timestamp.ts';

const isComment = /^(?:(?:Choices|Retry|Catch)\[\d+\]|ItemReader|ItemBatcher|ResultWriter)\/Comment$/;
const isResultField = /^(?:Output|Assign)\b/;
const isCatchField = /^Catch\[\d+\]\/(?:Output|Assign)\b/;

/** What `$states` has in a field besides the input and the context, which it always has. */
const statesIn = (type: JsonValue | undefined, field: string): StatesField[] => {
  if (isCatchField.test(field)) return ['errorOutput'];
  const hasResult = type === 'Task' || type === 'Parallel' || type === 'Map';
  return hasResult && isResultField.test(field) ? ['result'] : [];
};

/** Notes every expression of a state, as written, that cannot be parsed or names what is not there. */
export const checkExpressions = (value: JsonValue, path: string, issues: Issues): void => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  const { Comment: _, ItemProcessor: _processor, Branches: _branches, ...own } = value;
  for (const { text, path: at } of stringsIn(own, path)) {
    const field = at.slice(path.length + 1);
    if (isComment.test(field)) continue;
    if (text.startsWith('{%') !== text.endsWith('%}'))
      issues.push(`${at}: {% and %} must enclose the whole text`);
    const expression = expressionIn(text);
    if (expression === undefined) continue;
    const error = syntaxErrorIn(expression);
    const errors =
      error === undefined ? refusedReferencesIn(expression, statesIn(value.Type, field)) : [error];
    issues.push(...errors.map((message) => `${at}: ${message}`));
  }
};

const checkRecovery = (
  handlers: readonly { ErrorEquals: string[] }[],
  path: string,
  issues: Issues,
): void => {
  for (const [index, { ErrorEquals }] of handlers.entries()) {
    const isLast = index === handlers.length - 1;
    if (ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || !isLast)) {
      issues.push(`${path}/${index}: States.ALL must stand alone and in the last place`);
    }
  }
};

const checkWait = ({ Seconds, Timestamp }: WaitState, path: string, issues: Issues): void => {
  if ((Seconds === undefined) === (Timestamp === undefined)) {
    issues.push(`${path}: needs either Seconds or Timestamp`);
  }
  const isText = Timestamp !== undefined && expressionIn(Timestamp) === undefined;
  if (isText && parseTimestamp(Timestamp) === undefined) {
    issues.push(`${path}/Timestamp: '${Timestamp}' is no RFC 3339 timestamp`);
  }
};

const checkTask = (
  { Resource, TimeoutSeconds, HeartbeatSeconds }: TaskState,
  path: string,
  issues: Issues,
): void => {
  if (parseResource(Resource) === undefined) {
    issues.push(`${path}/Resource: '${Resource}' is no function or service integration`);
  }
  const areNumbers = typeof TimeoutSeconds === 'number' && typeof HeartbeatSeconds === 'number';
  if (areNumbers && HeartbeatSeconds >= TimeoutSeconds) {
    issues.push(`${path}/HeartbeatSeconds: must be smaller than TimeoutSeconds`);
  }
};

/** Notes what the schema of a state cannot say. */
export const checkState = (state: State, path: string, issues: Issues): void => {
  if ('Retry' in state) {
    checkRecovery(state.Retry, `${path}/Retry`, issues);
    checkRecovery(state.Catch, `${path}/Catch`, issues);
  }
  if (state.Type === 'Succeed' || state.Type === 'Fail' || state.Type === 'Choice') return;
  if ((state.Next === undefined) === (state.End !== true)) issues.push(`${path}: needs either Next or End`);
  if (state.Type === 'Wait') checkWait(state, path, issues);
  if (state.Type === 'Map') checkMap(state, path, issues);
  if (state.Type === 'Task') checkTask(state, path, issues);
};

/** The names of states that a state leads to, each with the field that names it. */
export const targetsOf = (state: State): [string, string][] => {
  const next = 'Next' in state && state.Next !== undefined ? [['Next', state.Next] as [string, string]] : [];
  if (state.Type === 'Choice') {
    const rules = state.Choices.map((rule, index): [string, string] => [`Choices/${index}/Next`, rule.Next]);
    return state.Default === undefined ? rules : [...rules, ['Default', state.Default]];
  }
  if (!('Catch' in state)) return next;
  return [...next, ...state.Catch.map(({ Next }, index): [string, string] => [`Catch/${index}/Next`, Next])];
};
