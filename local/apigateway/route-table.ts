import type { MethodSpec, RestApiSpec } from './rest-api-spec.ts';

export type Route = { method: MethodSpec; pathParameters: Record<string, string> };

type Node = {
  statics: Map<string, Node>;
  parameter: { name: string; node: Node } | undefined;
  greedy: { name: string; node: Node } | undefined;
  methods: Map<string, MethodSpec>;
};

const createNode = (): Node => ({
  statics: new Map(),
  parameter: undefined,
  greedy: undefined,
  methods: new Map(),
});

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

const descend = (node: Node, segment: string): Node => {
  const [, name, plus] = /^\{([^+}]+)(\+)?\}$/.exec(segment) ?? [];
  if (name === undefined) {
    const next = node.statics.get(segment) ?? createNode();
    node.statics.set(segment, next);
    return next;
  }
  const slot = plus ? 'greedy' : 'parameter';
  const known = node[slot] ?? { name, node: createNode() };
  node[slot] = known;
  return known.node;
};

type Found = { node: Node; pathParameters: Record<string, string> };

const find = (node: Node, segments: string[], httpMethod: string): Found | undefined => {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    return node.methods.has(httpMethod) || node.methods.has('ANY') ? { node, pathParameters: {} } : undefined;
  }
  const next = node.statics.get(segment);
  const exact = next && find(next, rest, httpMethod);
  if (exact) return exact;
  const { parameter, greedy } = node;
  const named = parameter && find(parameter.node, rest, httpMethod);
  if (named) return { ...named, pathParameters: { [parameter.name]: segment, ...named.pathParameters } };
  const all = greedy && find(greedy.node, [], httpMethod);
  return all && { ...all, pathParameters: { [greedy.name]: segments.join('/') } };
};

/**
 * Finds the method of a raw path: a fixed segment before `{name}` before `{name+}`, the verb before ANY.
 * Path parameters stay percent-encoded, as REST APIs hand them to Lambda.
 */
export const createRouteTable = ({ methods }: Pick<RestApiSpec, 'methods'>) => {
  const root = createNode();
  for (const method of methods) {
    const node = segmentsOf(method.resourcePath).reduce(descend, root);
    node.methods.set(method.httpMethod, method);
  }
  return {
    match(httpMethod: string, path: string): Route | undefined {
      const found = find(root, segmentsOf(path), httpMethod);
      const method = found?.node.methods.get(httpMethod) ?? found?.node.methods.get('ANY');
      return found && method && { method, pathParameters: found.pathParameters };
    },
  };
};
