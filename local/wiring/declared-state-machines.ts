import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { StateMachineSpec } from '../states/engine.ts';

const stateMachineSchema = z.object({
  DefinitionString: z.string().optional(),
  Definition: z.json().optional(),
  DefinitionS3Location: z.object({ Key: z.string() }).optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  StateMachineType: z.string().default('STANDARD'),
  RoleArn: z.string().optional(),
});

/** The template's own `${name}`s; any other stays as it is, as on AWS. */
const substitute = (definition: string, substitutions: Record<string, string>): string =>
  definition.replaceAll(/\$\{([\w-]+)\}/g, (whole, name: string) => substitutions[name] ?? whole);

/** The state machines of the templates, their definitions read from cdk.out and substituted. */
export const declaredStateMachines = (
  registry: Registry,
): { machines: StateMachineSpec[]; skipped: string[] } => {
  const skipped: string[] = [];
  const machines = registry.ofType('AWS::StepFunctions::StateMachine').map((resource) => {
    const declared = resource.read(stateMachineSchema);
    const { DefinitionString: text, Definition: object, DefinitionS3Location: location } = declared;
    if (declared.StateMachineType === 'EXPRESS') {
      skipped.push(`AWS::StepFunctions::StateMachine (${resource.logicalId}): type EXPRESS, run as STANDARD`);
    }
    const definition =
      text ??
      (location ? readFileSync(registry.assetPath(location.Key), 'utf8') : JSON.stringify(object ?? {}));
    return {
      arn: resource.ref,
      name: resource.attribute('Name'),
      definition: substitute(definition, declared.DefinitionSubstitutions),
      roleArn: declared.RoleArn,
    };
  });
  return { machines, skipped };
};
