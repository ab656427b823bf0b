import type { Registry } from '../assembly/registry.ts';
import type { DeclaredApp } from './declared-app.ts';

type Session = { roleArn: string; sessionName: string };

const functionRoles = (registry: Registry, { functions }: Pick<DeclaredApp, 'functions'>) =>
  registry.ofType('AWS::Lambda::Function').flatMap((resource): [string, Session][] => {
    const declared = functions.find(({ arn }) => arn === resource.attribute('Arn'));
    if (declared === undefined) return [];
    const roleArn = resource.property('Role');
    return typeof roleArn === 'string' ? [[declared.arn, { roleArn, sessionName: declared.name }]] : [];
  });

/** As whom the app's functions, state machines, rules and schedules call, by their ARNs. */
export const declaredCallers = (
  registry: Registry,
  app: Pick<DeclaredApp, 'functions' | 'machines' | 'rules'>,
): Map<string, Session> =>
  new Map([
    ...functionRoles(registry, app),
    ...app.machines.flatMap(({ arn, name, roleArn }): [string, Session][] =>
      roleArn === undefined ? [] : [[arn, { roleArn, sessionName: name }]],
    ),
    ...app.rules.flatMap(({ arn, name, targets }): [string, Session][] =>
      targets.flatMap(({ roleArn }) =>
        roleArn === undefined ? [] : [[arn, { roleArn, sessionName: name }]],
      ),
    ),
  ]);
