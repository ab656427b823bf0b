import * as z from 'zod';
import { variablesIn } from './wildcard.ts';

const listOf = <T>(element: z.ZodType<T>) =>
  z.union([z.array(element), element.transform((value) => [value])]);
const texts = listOf(z.string());
const conditionValues = listOf(z.union([z.string(), z.number(), z.boolean()]).transform(String));
const principalsSchema = z.strictObject({
  AWS: texts.optional(),
  Service: texts.optional(),
  Federated: texts.optional(),
  CanonicalUser: texts.optional(),
});

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: z.union([z.literal('*'), principalsSchema]).optional(),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).default({}),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), {
    error: 'one of Action and NotAction is needed',
  })
  .refine(({ Resource, NotResource }) => Resource === undefined || NotResource === undefined, {
    error: 'Resource and NotResource exclude each other',
  });

const documentSchema = z.strictObject({
  Version: z.enum(['2008-10-17', '2012-10-17']).default('2008-10-17'),
  Id: z.string().optional(),
  Statement: listOf(statementSchema),
});

export type Statement = z.infer<typeof statementSchema>;
/** Who may, as a resource policy names them. */
export type PrincipalElement = Statement['Principal'];

/** The statements of a policy document; throws an Error that names the place when it is none that is read here. */
export const readStatements = (document: unknown, place: string): Statement[] => {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    throw new Error(`${place} is no policy that is read here: ${z.prettifyError(parsed.error)}`);
  }
  const { Version: version, Statement: statements } = parsed.data;
  // Before 2012 `${…}` was plain text: whoever wrote it so hardly meant that.
  if (version === '2008-10-17' && variablesIn(JSON.stringify(statements)).length > 0) {
    throw new Error(`${place} has policy variables, which need Version 2012-10-17.`);
  }
  return statements;
};
