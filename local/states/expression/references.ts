import { parseExpression } from './parse.ts';

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesIn(item);
  else if (isNode(value)) yield value;
}

/** What is evaluated against another context than its node: later steps, predicates, sort terms, groupings. */
const innerOf = ({ type, steps, predicate, stages, group, terms, pattern, update }: Node): unknown[] => [
  ...(type === 'path' && Array.isArray(steps) ? steps.slice(1) : []),
  ...[predicate, stages, group, terms, pattern, update],
];

const outerOf = (node: Node): unknown[] =>
  node.type === 'path' && Array.isArray(node.steps)
    ? node.steps.slice(0, 1)
    : ['lhs', 'rhs', 'expression', 'expressions', 'arguments', 'procedure', 'body', 'condition', 'then']
        .concat('else', 'expr')
        .map((field) => node[field]);

/** What `$states` has in some fields only. */
export type StatesField = 'result' | 'errorOutput';

const statesField = ({ type, steps }: Node): string | undefined => {
  if (type !== 'path' || !Array.isArray(steps)) return undefined;
  const [first, second]: unknown[] = steps;
  const isStates = isNode(first) && first.type === 'variable' && first.value === 'states';
  const isField = isStates && isNode(second) && (second.value === 'result' || second.value === 'errorOutput');
  return isField ? String(second.value) : undefined;
};

function* refused(node: Node, isTop: boolean, fields: readonly string[]): Generator<string> {
  if (node.type === 'name' && isTop) yield `Reference to '${node.value}' at the top level is not supported.`;
  if (node.type === 'variable' && node.value === '' && isTop)
    yield "Reference to '$' at the top level is not supported.";
  if (node.type === 'variable' && node.value === '$') yield "Reference to '$$' is not supported.";
  const field = statesField(node);
  if (field !== undefined && !fields.includes(field))
    yield `Reference to '$states.${field}' is not supported.`;
  for (const inner of nodesIn(innerOf(node))) yield* refused(inner, false, fields);
  for (const outer of nodesIn(outerOf(node))) yield* refused(outer, isTop, fields);
}

/**
 * What an expression names that Step Functions has not got: there is no context item, so `$`, `$$` and a bare name
 * have no meaning at the top, and of `$states` there are the result and the error in the given fields only.
 */
export const refusedReferencesIn = (text: string, fields: readonly StatesField[]): string[] => {
  const nodes = [...nodesIn(parseExpression(text).ast())];
  return [...new Set(nodes.flatMap((node) => [...refused(node, true, fields)]))];
};
