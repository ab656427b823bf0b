import { compileCondition } from './condition.ts';
import type { Grant } from './grant.ts';
import { readStatements, type Statement } from './policy-document.ts';
import { isNamed, type Principal } from './principal.ts';
import { isKnownKey, type RequestKeys } from './request-keys.ts';
import { compilePattern, matches, variablesIn } from './wildcard.ts';

export type Request = { principal: Principal; resource: string; keys: RequestKeys };

/** One action on one resource of a statement, ready to decide. */
export type Rule = {
  isAllow: boolean;
  /** What an Allow grants; of a Deny, what it denies. */
  grant: Grant;
  /** The action in lower case. */
  isAbout(action: string): boolean;
  applies(request: Request): boolean;
};

type Choice = { text: string; isChosen(value: string, keys: RequestKeys): boolean };

/** Each pattern by itself, or all of the excepted ones together. */
const choices = (
  chosen: readonly string[] | undefined,
  excepted: readonly string[] | undefined,
  toPattern: (text: string) => string,
): Choice[] => {
  const choice = (text: string): Choice => {
    const pattern = compilePattern(toPattern(text));
    const isChosen: Choice['isChosen'] = (value, keys) => {
      const filled = pattern(keys);
      return filled !== undefined && matches(filled, value);
    };
    return { text, isChosen };
  };
  if (excepted === undefined) return (chosen ?? ['*']).map(choice);
  const exceptions = excepted.map(choice);
  return [
    {
      text: `not ${excepted.join(', ')}`,
      isChosen: (value, keys) => !exceptions.some((exception) => exception.isChosen(value, keys)),
    },
  ];
};

const noKeys: RequestKeys = () => undefined;

export type PolicyPlace = {
  holder: string;
  /** Stack, logical id, path. */
  policy: string;
  /** A policy of a resource names principals; one that says who may take on a role names no resources. */
  kind: 'identity' | 'resource' | 'trust';
  /** Is told, one line each, what the policy asks of requests that they do not say here. */
  report: (line: string) => void;
};

const reportUnknownKeys = (statement: Statement, place: string, report: (line: string) => void) => {
  const asked = Object.values(statement.Condition).flatMap(Object.keys);
  const filledIn = variablesIn(JSON.stringify(statement));
  for (const key of new Set([...asked, ...filledIn])) {
    if (!isKnownKey(key)) report(`${place}: condition key ${key}; no request carries it here`);
  }
};

const checkElements = (statement: Statement, kind: PolicyPlace['kind'], place: string) => {
  const check = (name: string, isThere: boolean, isWanted: boolean) => {
    if (isThere !== isWanted) throw new Error(`${place} ${isWanted ? 'needs a' : 'must have no'} ${name}.`);
  };
  check('Principal', statement.Principal !== undefined, kind !== 'identity');
  check('Resource', (statement.Resource ?? statement.NotResource) !== undefined, kind !== 'trust');
  // A variable that a request lacks would except nothing, and so widen what is allowed.
  if (variablesIn((statement.NotResource ?? []).join()).length > 0) {
    throw new Error(`${place} has policy variables in NotResource, which are not read here.`);
  }
};

/** One rule for each action on each resource. */
const compileStatement = (statement: Statement, index: number, policy: PolicyPlace): Rule[] => {
  const { Effect: effect, Principal: principal } = statement;
  const place = `${policy.policy}/Statement/${index}`;
  checkElements(statement, policy.kind, place);
  reportUnknownKeys(statement, place, policy.report);
  const isMet = compileCondition(statement.Condition, place);
  const actions = choices(statement.Action, statement.NotAction, (text) => text.toLowerCase());
  const resources = choices(statement.Resource, statement.NotResource, (text) => text);
  return actions.flatMap((action) =>
    resources.map((resource) => ({
      isAllow: effect === 'Allow',
      grant: {
        holder: policy.holder,
        policy: policy.policy,
        statement: index,
        action: action.text,
        resource: resource.text,
        ...(principal !== undefined && { principal: JSON.stringify(principal) }),
        ...(Object.keys(statement.Condition).length > 0 && {
          condition: JSON.stringify(statement.Condition),
        }),
      },
      isAbout: (asked) => action.isChosen(asked, noKeys),
      applies: (request) =>
        resource.isChosen(request.resource, request.keys) &&
        (principal === undefined || isNamed(principal, request.principal, effect)) &&
        isMet(request.keys),
    })),
  );
};

/** The rules of a policy document; throws an Error that names the place of what is not read here. */
export const compilePolicy = (document: unknown, policy: PolicyPlace): Rule[] =>
  readStatements(document, policy.policy).flatMap((statement, index) =>
    compileStatement(statement, index, policy),
  );
