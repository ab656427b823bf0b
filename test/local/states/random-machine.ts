import fc from 'fast-check';
import type { JsonValue } from '../../../local/json.ts';

/** What a part of a machine is made of: leaves, and forks of parts. */
type Part =
  | { kind: 'pass' }
  | { kind: 'wait'; seconds: number }
  | { kind: 'fail' }
  | { kind: 'parallel'; branches: Part[][]; handling: Handling }
  | { kind: 'map'; items: number[]; concurrency: number; body: Part[]; handling: Handling };
type Handling = 'none' | 'catch' | 'retry';

type Region = { StartAt: string; States: Record<string, JsonValue> };

/** A machine, and what it gives for an input if nothing in it fails. */
export type RandomMachine = { states: Record<string, JsonValue>; outputFor(input: JsonValue): JsonValue };

const partArbitrary = (mayFail: boolean) => {
  const handling = mayFail
    ? fc.constantFrom<Handling>('none', 'catch', 'retry')
    : fc.constant<Handling>('none');
  const leaf = fc.constantFrom<Part>({ kind: 'pass' }, ...(mayFail ? [{ kind: 'fail' } as const] : []));
  return fc.letrec<{ part: Part; parts: Part[] }>((tie) => ({
    part: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 1, arbitrary: leaf },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(2) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('parallel' as const),
          branches: fc.array(tie('parts'), { minLength: 1, maxLength: 3 }),
          handling,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('map' as const),
          items: fc.array(fc.nat(9), { maxLength: 3 }),
          concurrency: fc.nat(3),
          body: tie('parts'),
          handling,
        }),
      },
    ),
    parts: fc.array(tie('part'), { minLength: 1, maxLength: 2 }),
  })).parts;
};

const handlingOf = (handling: Handling, next: string): Record<string, JsonValue> => {
  if (handling === 'retry') return { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }] };
  return handling === 'catch' ? { Catch: [{ ErrorEquals: ['States.ALL'], Next: next }] } : {};
};

const toRegion = (parts: readonly Part[], prefix: string): Region => {
  const nameAt = (index: number) => `${prefix}${index}`;
  const caught = nameAt(parts.length);
  const states = parts.map((part, index): [string, JsonValue] => {
    const name = nameAt(index);
    const isLast = index === parts.length - 1;
    const more: Record<string, JsonValue> = isLast ? { End: true } : { Next: nameAt(index + 1) };
    const Output = `{% {"from": $states.input, "by": "${name}"} %}`;
    switch (part.kind) {
      case 'pass':
        return [name, { Type: 'Pass', Output, ...more }];
      case 'wait':
        return [name, { Type: 'Wait', Seconds: part.seconds, Output, ...more }];
      case 'fail':
        return [name, { Type: 'Pass', Output: '{% $missing %}', ...more }];
      case 'parallel': {
        const Branches = part.branches.map((branch, at) => toRegion(branch, `${name}b${at}s`));
        return [name, { Type: 'Parallel', Branches, ...more, ...handlingOf(part.handling, caught) }];
      }
      default: {
        const ItemProcessor = toRegion(part.body, `${name}s`);
        const fields = { Items: part.items, MaxConcurrency: part.concurrency, ItemProcessor };
        return [name, { Type: 'Map', ...fields, ...more, ...handlingOf(part.handling, caught) }];
      }
    }
  });
  const isCaught = parts.some((part) => 'handling' in part && part.handling === 'catch');
  const end: [string, JsonValue][] = isCaught ? [[caught, { Type: 'Succeed' }]] : [];
  return { StartAt: nameAt(0), States: Object.fromEntries([...states, ...end]) };
};

const outputOf = (parts: readonly Part[], prefix: string, input: JsonValue): JsonValue =>
  parts.reduce((from: JsonValue, part, index): JsonValue => {
    const by = `${prefix}${index}`;
    if (part.kind === 'parallel')
      return part.branches.map((branch, at) => outputOf(branch, `${by}b${at}s`, from));
    if (part.kind === 'map') return part.items.map((item) => outputOf(part.body, `${by}s`, item));
    return { from, by };
  }, input);

/** Machines of forks within forks, waits and passes; with evaluations that fail, caught or tried again, if they may. */
export const randomMachine = (mayFail: boolean): fc.Arbitrary<RandomMachine> =>
  partArbitrary(mayFail).map((parts) => ({
    states: toRegion(parts, 's').States,
    outputFor: (input) => outputOf(parts, 's', input),
  }));
