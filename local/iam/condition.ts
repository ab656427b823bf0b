import { findOperator } from './condition-operators.ts';
import type { Statement } from './policy-document.ts';
import type { RequestKeys } from './request-keys.ts';

/** Whether a statement's conditions hold for a request. */
export type Condition = (keys: RequestKeys) => boolean;

const operatorName = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/;

const whetherAbsent =
  (key: string, wanted: readonly string[]): Condition =>
  (keys) =>
    wanted.includes(String(keys(key) === undefined));

const compileTest = (name: string, key: string, wanted: readonly string[], place: string): Condition => {
  if (name === 'Null') return whetherAbsent(key, wanted);
  const [, quantifier, base = '', ifExists] = operatorName.exec(name) ?? [];
  const operator = findOperator(base);
  if (operator === undefined) throw new Error(`${place} has the condition ${name}, which is not read here.`);
  const { compile, test, isNegated } = operator;
  const patterns = wanted.map(compile);
  const isWanted = (value: string, keys: RequestKeys) =>
    patterns.some((pattern) => {
      const filled = pattern(keys);
      return filled !== undefined && test(value, filled);
    });
  return (keys) => {
    const values = keys(key);
    switch (quantifier) {
      case 'ForAllValues':
        return (values ?? []).every((value) => isWanted(value, keys) !== isNegated);
      case 'ForAnyValue':
        if (values === undefined) return ifExists !== undefined;
        return values.some((value) => isWanted(value, keys) !== isNegated);
      default:
        if (values === undefined) return isNegated || ifExists !== undefined;
        return values.some((value) => isWanted(value, keys)) !== isNegated;
    }
  };
};

/** All conditions of a statement as one; throws an Error that names the place of an operator that is not read here. */
export const compileCondition = (block: Statement['Condition'], place: string): Condition => {
  const tests = Object.entries(block).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, wanted]) => compileTest(name, key.toLowerCase(), wanted, place)),
  );
  return (keys) => tests.every((isMet) => isMet(keys));
};
