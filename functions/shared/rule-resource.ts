import * as z from 'zod';
import { mayView } from '../../domain/permissions.ts';
import { type RuleName, ruleNames } from '../../domain/rules/rules.ts';
import type { HttpRequest } from './http-handler.ts';
import { HttpProblem } from './problem.ts';
import type { RuleVersionHead } from './rule-versions.ts';

/** A version as staff see it; version 0 is what is built in, which nobody loaded. */
export const ruleVersionAnswerSchema = z.object({
  version: z.int(),
  from: z.iso.date().optional(),
  loadedAt: z.iso.datetime().optional(),
  loadedBy: z.string().optional(),
  note: z.string().optional(),
});

export const ruleVersionResource = (
  version: number,
  head: Omit<RuleVersionHead, 'name'> | undefined,
): z.infer<typeof ruleVersionAnswerSchema> => {
  if (!head) return { version };
  const { from, loadedAt, loadedBy, note } = head;
  return { version, from, loadedAt, ...(loadedBy && { loadedBy }), ...(note && { note }) };
};

/** The rules that a path names. Throws HttpProblem, the same for any name when the caller may see none. */
export const ruleOfPath = ({ principal, path }: HttpRequest): RuleName => {
  if (!mayView(principal, 'rules')) throw new HttpProblem('forbidden');
  const name = ruleNames.find((one) => one === path.ruleName);
  if (!name) throw new HttpProblem('not-found');
  return name;
};
