import * as z from 'zod';
import { actorName, mayLoadRules } from '../../domain/permissions.ts';
import { type RuleName, ruleNames, ruleNoteSchema, ruleSchemas } from '../../domain/rules/rules.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import type { Language } from '../../domain/values/languages.ts';
import { tableMediaTypes } from '../intake/media-types.ts';
import type { Table } from '../master-data/read-table.ts';
import { ruleTableContents } from '../master-data/rule-table-contents.ts';
import type { RuleTableStore } from '../master-data/rule-tables.ts';
import { catalogueOf } from '../shared/catalogue-of.ts';
import { env } from '../shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import { ifMatch } from '../shared/if-match.ts';
import { parseQuery } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';
import { HttpProblem } from '../shared/problem.ts';
import { ruleOfPath } from '../shared/rule-resource.ts';
import { maxRuleBytes, type RuleLoad, type RuleVersions, ruleVersions } from '../shared/rule-versions.ts';
import { tableOfBody, tableProblem } from '../shared/table-body.ts';

export const querySchema = z.strictObject({
  /** First day that they hold, company zone; absent: at once. */
  from: z.iso.date().optional(),
  note: ruleNoteSchema.optional(),
});

export const answerSchema = z.object({
  name: z.enum(ruleNames),
  version: z.int(),
  from: z.iso.date(),
  /** `unchanged`: the latest version says the same already. */
  outcome: z.enum(['stored', 'unchanged']),
});

export const operation = {
  summary: 'Loads rules whole, as their next version; for staff of their group',
  query: querySchema,
  headers: { 'If-Match': 'The ETag of the latest version' },
  body: z.union(Object.values(ruleSchemas)),
  files: tableMediaTypes,
  answers: {
    200: { description: 'The version', schema: answerSchema, headers: { ETag: 'Its version' } },
  },
  problems: ['precondition-failed', 'precondition-required'],
} satisfies Operation;

/** White space may double what is kept. */
const maxBodyBytes = 2 * maxRuleBytes;

const loadProblem = (load: Exclude<RuleLoad, { version: number }>): HttpProblem => {
  switch (load.outcome) {
    case 'outdated':
      return new HttpProblem('precondition-failed', { currentVersion: load.latest });
    case 'past':
      return new HttpProblem('invalid-parameter', {
        parameters: [{ name: 'from', detail: 'is past: rules hold from today on, or from a day to come' }],
      });
    case 'too-large':
      return new HttpProblem('too-large', { limitBytes: maxRuleBytes });
    default:
      return load satisfies never;
  }
};

/** What a table says, as the document that it is of. Throws HttpProblem, also where the rules are no table. */
const contentOfTable = async (
  name: RuleName,
  table: Table,
  catalogue: RuleTableStore,
  language: Language,
): Promise<unknown> => {
  const read = ruleTableContents.get(name);
  if (!read) throw new HttpProblem('unsupported-media-type');
  const { problems, content } = await read(catalogue, table);
  if (problems.length > 0) throw tableProblem(problems, language);
  return content;
};

type Deps = {
  rules: Pick<RuleVersions, 'store'>;
  catalogue: RuleTableStore;
  timeZone: () => string;
  now?: () => Date;
};

/** PUT /desk/rules/{ruleName}: a whole document, as JSON or as a table, which becomes the next version if the caller knows the latest. */
export const createLoadRules =
  ({ rules, catalogue, timeZone, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const name = ruleOfPath(request);
    if (!mayLoadRules(request.principal, name)) throw new HttpProblem('forbidden');
    const { from, note } = parseQuery(querySchema, request.query);
    const expects = ifMatch(request.headers);
    const table = await tableOfBody(request);
    const content = table
      ? await contentOfTable(name, table, catalogue, request.language)
      : parseBody<z.ZodType>(ruleSchemas[name], request.json(maxBodyBytes).value);
    const at = now();
    const start = { from, today: dayIn(timeZone(), at), expects };
    const load = await rules.store(name, content, start, { by: actorName(request.principal), at, note });
    if (!('version' in load)) throw loadProblem(load);
    const body: z.infer<typeof answerSchema> = { name, ...load };
    return { status: 200, body, headers: { ETag: `"${load.version}"` } };
  };

const timeZoneEnv = env({ COMPANY_TIME_ZONE: z.string() });

export const handler = httpHandler((request) =>
  createLoadRules({
    rules: ruleVersions(),
    catalogue: catalogueOf(request.principal),
    timeZone: () => timeZoneEnv().COMPANY_TIME_ZONE,
  })(request),
);
