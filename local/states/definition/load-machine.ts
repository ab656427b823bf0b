import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import { syntaxErrorIn } from '../expression/parse.ts';
import { expressionIn, stringsIn } from '../expression/template.ts';
import { parseResource } from './resource.ts';
import {
  machineSchema,
  processorSchema,
  type Region,
  regionSchema,
  type State,
  stateSchema,
} from './state-schemas.ts';

export type Machine = {
  root: Region;
  timeoutSeconds: number | undefined;
  /** The ASL text and its SHA-256, by which an execution keeps the definition it was started with. */
  definition: string;
  definitionHash: string;
};

type Issues = string[];

const jsonPathFields = new Set([
  ...['InputPath', 'OutputPath', 'ResultPath', 'Parameters', 'ResultSelector', 'Result', 'ItemsPath'],
  ...['SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath'],
  ...['ToleratedFailureCountPath', 'ToleratedFailurePercentagePath', 'ErrorPath', 'CausePath', 'Variable'],
]);

const describeIssue = (issue: z.core.$ZodIssue, path: string): string[] => {
  const at = [path, ...issue.path.map(String)].join('/');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      jsonPathFields.has(key)
        ? `${at}/${key}: a JSONPath field; only JSONata is supported`
        : `${at}/${key}: unknown or not supported`,
    );
  }
  if (issue.path.at(-1) === 'QueryLanguage') return [`${at}: only "QueryLanguage": "JSONata" is supported`];
  if (issue.path.at(-1) === 'Mode') return [`${at}: only an INLINE Map is supported`];
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat().flatMap((one) => (one.path.length > 0 ? describeIssue(one, at) : []));
    if (inner.length > 0) return inner;
  }
  return [`${at}: ${issue.message}`];
};

const parsed = <T>(schema: z.ZodType<T>, value: JsonValue, path: string, issues: Issues): T | undefined => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  issues.push(...result.error.issues.flatMap((issue) => describeIssue(issue, path)));
  return undefined;
};

const checkExpressions = (value: JsonValue, path: string, issues: Issues): void => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  const { Comment: _, ItemProcessor: _processor, Branches: _branches, ...own } = value;
  for (const { text, path: at } of stringsIn(own, path)) {
    if (text.startsWith('{%') !== text.endsWith('%}'))
      issues.push(`${at}: {% and %} must enclose the whole text`);
    const expression = expressionIn(text);
    const error = expression === undefined ? undefined : syntaxErrorIn(expression);
    if (error !== undefined) issues.push(`${at}: ${error}`);
  }
};

const checkTransitions = (state: State, path: string, issues: Issues): void => {
  if (state.Type === 'Succeed' || state.Type === 'Fail' || state.Type === 'Choice') return;
  if ((state.Next === undefined) === (state.End !== true)) issues.push(`${path}: needs either Next or End`);
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    issues.push(`${path}: needs either Seconds or Timestamp`);
  }
  if (state.Type === 'Task' && parseResource(state.Resource) === undefined) {
    issues.push(`${path}/Resource: '${state.Resource}' is no function or service integration`);
  }
};

const targetsOf = (state: State): [string, string][] => {
  const next = 'Next' in state && state.Next !== undefined ? [['Next', state.Next] as [string, string]] : [];
  if (state.Type === 'Choice') {
    const rules = state.Choices.map((rule, index): [string, string] => [`Choices/${index}/Next`, rule.Next]);
    return state.Default === undefined ? rules : [...rules, ['Default', state.Default]];
  }
  if (!('Catch' in state)) return next;
  return [...next, ...state.Catch.map(({ Next }, index): [string, string] => [`Catch/${index}/Next`, Next])];
};

const loadState = (value: JsonValue, path: string, issues: Issues): State | undefined => {
  checkExpressions(value, path, issues);
  const state = parsed(stateSchema, value, path, issues);
  if (state?.Type === 'Map') {
    const { ItemProcessor, ...rest } = state;
    const processor = parsed(processorSchema, ItemProcessor, `${path}/ItemProcessor`, issues);
    return processor && { ...rest, processor: loadRegion(processor, `${path}/ItemProcessor`, issues) };
  }
  if (state?.Type === 'Parallel') {
    const { Branches, ...rest } = state;
    const branches = Branches.flatMap((branch, index) => {
      const region = parsed(regionSchema, branch, `${path}/Branches/${index}`, issues);
      return region ? [loadRegion(region, `${path}/Branches/${index}`, issues)] : [];
    });
    return { ...rest, branches };
  }
  return state;
};

const loadRegion = (region: z.infer<typeof regionSchema>, path: string, issues: Issues): Region => {
  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(region.States)) {
    const at = `${path}/States/${name}`;
    const state = loadState(value, at, issues);
    if (state === undefined) continue;
    checkTransitions(state, at, issues);
    for (const [field, target] of targetsOf(state)) {
      if (!(target in region.States)) issues.push(`${at}/${field}: there is no state '${target}'`);
    }
    states.set(name, state);
  }
  if (!(region.StartAt in region.States))
    issues.push(`${path}/StartAt: there is no state '${region.StartAt}'`);
  return { startAt: region.StartAt, states };
};

/** Reads an ASL text; throws an Error that lists every unsupported or wrong part with its path. */
export const loadMachine = (name: string, definition: string): Machine => {
  const issues: Issues = [];
  const value: JsonValue = JSON.parse(definition);
  const machine = parsed(machineSchema, value, '', issues);
  const root = machine && loadRegion(machine, '', issues);
  if (root === undefined || issues.length > 0) {
    throw new Error(`State machine '${name}' cannot be loaded:\n  ${issues.join('\n  ')}`);
  }
  return {
    root,
    timeoutSeconds: machine?.TimeoutSeconds,
    definition,
    definitionHash: createHash('sha256').update(definition).digest('hex'),
  };
};

/** Every Task of a region and of the regions inside it. */
export function* tasksIn(region: Region): Generator<{ name: string; resource: string }> {
  for (const [name, state] of region.states) {
    if (state.Type === 'Task') yield { name, resource: state.Resource };
    if (state.Type === 'Map') yield* tasksIn(state.processor);
    if (state.Type === 'Parallel') for (const branch of state.branches) yield* tasksIn(branch);
  }
}
