import * as z from 'zod';
import { ruleNames, ruleSchemas, rulesOf } from '../../domain/rules/rules.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';
import { HttpProblem } from '../shared/problem.ts';
import { ruleOfPath, ruleVersionAnswerSchema, ruleVersionResource } from '../shared/rule-resource.ts';
import { type RuleVersions, ruleVersions } from '../shared/rule-versions.ts';

export const querySchema = z.strictObject({
  /** 0 is what is built in; absent: the last one that was loaded, in force or not. */
  version: z.coerce.number().int().min(0).max(999_999).optional(),
});

export const answerSchema = ruleVersionAnswerSchema.extend({
  name: z.enum(ruleNames),
  latest: z.int(),
  content: z.union(Object.values(ruleSchemas)),
});

export const operation = {
  summary: 'Reads a version of rules, as they are loaded; for staff',
  query: querySchema,
  answers: {
    200: { description: 'The version', schema: answerSchema, headers: { ETag: 'Its version' } },
  },
} satisfies Operation;

type Deps = { rules: Pick<RuleVersions, 'readIndex' | 'readVersion'> };

/** GET /desk/rules/{ruleName}: a version of a document, with an ETag to load the next one by. */
export const createReadRules =
  ({ rules }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const name = ruleOfPath(request);
    const wanted = parseQuery(querySchema, request.query).version;
    const latest = (await rules.readIndex()).latest[name] ?? 0;
    const version = wanted ?? latest;
    const found = version === 0 ? undefined : await rules.readVersion(name, version);
    if (version > 0 && !found) throw new HttpProblem('not-found');
    const content = rulesOf(found ? { [name]: found } : {})[name].content;
    const body: z.infer<typeof answerSchema> = {
      name,
      latest,
      ...ruleVersionResource(version, found),
      content,
    };
    return { status: 200, body, headers: { ETag: `"${version}"` } };
  };

export const handler = httpHandler((request) => createReadRules({ rules: ruleVersions() })(request));
