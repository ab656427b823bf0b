import * as z from 'zod';
import { mayView } from '../../domain/permissions.ts';
import { versionOn } from '../../domain/rules/rule-index.ts';
import { type RuleName, ruleNames } from '../../domain/rules/rules.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { env } from '../shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { HttpProblem } from '../shared/problem.ts';
import { ruleVersionAnswerSchema, ruleVersionResource } from '../shared/rule-resource.ts';
import { type RuleVersions, ruleVersions } from '../shared/rule-versions.ts';

export const answerSchema = z.object({
  rules: z.array(
    z.object({
      name: z.enum(ruleNames),
      /** The last that was loaded, in force or not; 0: none was. */
      latest: z.int(),
      inForce: ruleVersionAnswerSchema,
      planned: z.array(ruleVersionAnswerSchema),
    }),
  ),
});

export const operation = {
  summary:
    'Lists the rules that staff load: the versions in force and to come, and who loaded them; for staff',
  answers: { 200: { description: 'All documents of rules', schema: answerSchema } },
} satisfies Operation;

type Deps = {
  rules: Pick<RuleVersions, 'readIndex' | 'readHeads'>;
  timeZone: () => string;
  now?: () => Date;
};

/** GET /desk/rules: every document of rules by its versions, without their content. */
export const createListRules =
  ({ rules, timeZone, now = () => new Date() }: Deps) =>
  async ({ principal }: HttpRequest): Promise<HttpAnswer> => {
    if (!mayView(principal, 'rules')) throw new HttpProblem('forbidden');
    const today = dayIn(timeZone(), now());
    const index = await rules.readIndex();
    const listed = ruleNames.map((name) => ({
      name,
      inForce: versionOn(index, name, today),
      planned: (index.versions[name] ?? []).filter(({ from }) => from > today).map(({ version }) => version),
    }));
    const loaded = listed.flatMap(({ name, inForce, planned }) =>
      [...(inForce > 0 ? [inForce] : []), ...planned].map((version) => ({ name, version })),
    );
    const heads = await rules.readHeads(loaded);
    const told = (name: RuleName, version: number) =>
      ruleVersionResource(
        version,
        heads.find((head) => head.name === name && head.version === version),
      );
    const body: z.infer<typeof answerSchema> = {
      rules: listed.map(({ name, inForce, planned }) => ({
        name,
        latest: index.latest[name] ?? 0,
        inForce: told(name, inForce),
        planned: planned.map((version) => told(name, version)),
      })),
    };
    return { status: 200, body };
  };

const timeZoneEnv = env({ COMPANY_TIME_ZONE: z.string() });

export const handler = httpHandler((request) =>
  createListRules({ rules: ruleVersions(), timeZone: () => timeZoneEnv().COMPANY_TIME_ZONE })(request),
);
