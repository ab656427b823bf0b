import fc from 'fast-check';

/** What nobody would write into a field. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, 5e-324, 2 ** 53, 0.1, [], {}, [[]], ''),
  fc.constantFrom(
    ' ',
    '\u0000',
    '\u202e',
    '=1+1',
    '__proto__',
    "' OR 1=1 --",
    '../..',
    '2026-02-30',
    '1e5',
    '١٢٣',
  ),
  fc.constantFrom('a\r\nBcc: b@example.com', 'x'.repeat(5000), '😀'.repeat(300), '{{7*7}}'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const oddName = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'status', 'partnerId', '', 'a/b~c', 'length'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);

type Mutation = { place: number; how: 'replace' | 'remove' | 'add'; name: string; value: unknown };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(10_000),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add'),
  name: oddName,
  value: oddValue,
});

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Every place of a value that something stands at. */
const placesIn = (value: unknown): [container: Container, key: string][] =>
  isContainer(value)
    ? Object.entries(value).flatMap(([key, inner]): [Container, string][] => [
        [value, key],
        ...placesIn(inner),
      ])
    : [];

const define = (container: Container, key: string, value: unknown): void => {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
};

const mutate = (value: unknown, { place, how, name, value: odd }: Mutation): void => {
  const places = placesIn(value);
  const [container, key] = places[place % Math.max(places.length, 1)] ?? [];
  if (!container || key === undefined) return;
  if (how === 'remove') Reflect.deleteProperty(container, key);
  else define(container, how === 'add' && !Array.isArray(container) ? name : key, structuredClone(odd));
};

/** A value of JSON with up to four places of it spoilt. */
export const spoilt = (sample: unknown): fc.Arbitrary<unknown> =>
  fc.array(mutation, { maxLength: 4 }).map((mutations) => {
    const value: unknown = structuredClone(sample);
    for (const one of mutations) mutate(value, one);
    return value;
  });

/** The text of a body: mostly JSON, sometimes not quite. */
export const bodyText = (sample: unknown): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 16, arbitrary: spoilt(sample).map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
    {
      weight: 1,
      arbitrary: fc.nat(400).map((length) => Buffer.from(JSON.stringify(sample).slice(0, length))),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('1e999', '"\\ud83d"', '-0', '1E-400', '"\\u0000"', '[[[[[[[[[[[[0]]]]]]]]]]]]', 'NaN')
        .map((odd) => Buffer.from(JSON.stringify(sample).replace(/:("[^"]*"|\d+)/, `:${odd}`))),
    },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(205_000, ' ')) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('', 'null', '[]', '{}', '"x"', '{}{}', '\ufeff{}')
        .map((text) => Buffer.from(text)),
    },
  );
