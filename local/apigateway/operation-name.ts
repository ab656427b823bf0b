const verbs: Record<string, string> = { DELETE: 'Delete', GET: 'Get', PATCH: 'Update', POST: 'Create' };

const resources: [path: RegExp, name: string][] = [
  [/^\/usageplans\/[^/]+\/keys(?<one>\/[^/]+)?$/, 'UsagePlanKey'],
  [/^\/usageplans(?<one>\/[^/]+)?$/, 'UsagePlan'],
  [/^\/apikeys(?<one>\/[^/]+)?$/, 'ApiKey'],
  [/^\/restapis(?<one>\/[^/]+)?$/, 'RestApi'],
];

/** What API Gateway's API calls an operation: `GET /usageplans` is GetUsagePlans. */
export const operationName = (method: string, path: string): string => {
  for (const [pattern, name] of resources) {
    const matched = pattern.exec(path);
    if (matched === null) continue;
    const isList = method === 'GET' && matched.groups?.one === undefined;
    return `${verbs[method] ?? method}${name}${isList ? 's' : ''}`;
  }
  return `${method} ${path}`;
};
