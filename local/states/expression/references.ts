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

function* refused(node: Node, isTop: boolean): Generator<string> {
  if (node.type === 'name' && isTop) yield `Reference to '${node.value}' at the top level is not supported.`;
  if (node.type === 'variable' && node.value === '$') yield "Reference to '$$' is not supported.";
  for (const inner of nodesIn(innerOf(node))) yield* refused(inner, false);
  for (const outer of nodesIn(outerOf(node))) yield* refused(outer, isTop);
}

const errorOutput = /\$states\s*\.\s*`?errorOutput\b/;

/**
 * What an expression names that Step Functions has not got: there is no context item, so `$$` and a bare name
 * have no meaning, and `$states.errorOutput` is there in a Catch only.
 */
export const refusedReferencesIn = (text: string, isInCatch: boolean): string[] => {
  const names = [...new Set(nodesIn(parseExpression(text).ast()))].flatMap((node) => [
    ...refused(node, true),
  ]);
  const isMisplaced = !isInCatch && errorOutput.test(text);
  return isMisplaced ? [...names, "Reference to '$states.errorOutput' is not supported."] : names;
};
