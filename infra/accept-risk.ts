import { CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Answers a finding of cdk-nag's AwsSolutions pack on a construct and all below it; `rule` is what follows the pack's name. */
export const acceptRisk = (construct: IConstruct, rule: string, reason: string): void =>
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });

/** The name that a construct's resource has in the template, and that findings call it by. */
export const logicalIdOf = (construct: IConstruct): string => {
  const { defaultChild } = construct.node;
  if (!CfnElement.isCfnElement(defaultChild))
    throw new Error(`${construct.node.path} has no resource of its own.`);
  return Stack.of(construct).getLogicalId(defaultChild);
};
