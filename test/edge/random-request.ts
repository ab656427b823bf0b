import fc from 'fast-check';
import type { ApiDocument } from './described-api.ts';
import { bodyText } from './random-json.ts';
import type { RawRequest } from './raw-exchange.ts';

/** What the requests may name that there is: one list for each parameter of a path. */
export type KnownNames = Readonly<Record<string, readonly string[]>>;

/** A request, the route that it is meant for, and whether its path was spoilt so that it may reach none. */
export type RandomRequest = RawRequest & { caller: string; route: string; isSpoilt: boolean };

type World = {
  document: ApiDocument;
  names: KnownNames;
  /** A well-formed body for each path that takes one. */
  samples: Readonly<Record<string, unknown>>;
  callers: readonly string[];
};

const oddSegment = fc.oneof(
  fc.constantFrom(
    '%00',
    '%2e%2e',
    '..%2f..%2forders',
    '%ff',
    '%E4%B8',
    '%0d%0aSet-Cookie:a=b',
    '..',
    '.',
    '%25',
  ),
  fc.constantFrom(
    'x'.repeat(3000),
    '{orderNumber}',
    'null',
    'SO-20251014-000123-4',
    'SO-99999999-000000-0',
    "'",
    '*',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .map((text) => encodeURIComponent(text.toWellFormed())),
);

const oddQueryValue = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '101',
    'NaN',
    '%00',
    '%ff',
    'RECEIVED',
    'refused',
    'zh-CN',
    '%E4',
    '=',
    'a=b',
  ),
  fc.constantFrom(
    '2026-01-01T00:00:00Z',
    '2026-01-01',
    'x'.repeat(2100),
    'eyJwayI6IngifQ',
    'bnVsbA',
    'W10',
    'provenance',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
);

const queryOf = (names: readonly string[]) =>
  fc
    .array(
      fc.tuple(
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...(names.length > 0 ? names : ['limit'])) },
          { weight: 1, arbitrary: fc.constantFrom('__proto__', 'a[]', '%00', 'limit', '') },
        ),
        oddQueryValue,
      ),
      { maxLength: 3 },
    )
    .map((pairs) =>
      pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`,
    );

const headers = fc.record(
  {
    'Content-Type': fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'application/json; charset=utf-8',
          'text/plain',
          'APPLICATION/JSON',
          'text/csv',
          ';',
          'multipart/form-data',
        ),
      },
    ),
    'Accept-Language': fc.constantFrom('zh-CN,zh;q=0.9', 'en', '*', 'xx-'.repeat(500), ';q='),
    Accept: fc.constantFrom(
      '*/*',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'text/html',
      ',',
    ),
    'Idempotency-Key': fc.oneof(
      { weight: 8, arbitrary: fc.uuid() },
      { weight: 1, arbitrary: fc.constantFrom('', '"quoted"', '"', 'a b', 'k'.repeat(256), '1') },
    ),
    'X-Forwarded-For': fc.constantFrom('127.0.0.1', 'a, b', '::1'),
    'X-HTTP-Method-Override': fc.constantFrom('DELETE', 'PATCH'),
    'If-Match': fc.constantFrom('"1"', '*', 'W/"x"'),
    Range: fc.constant('bytes=0-10'),
  },
  { requiredKeys: ['Content-Type', 'Idempotency-Key'] },
);

/** Tricks that a proxy or router may understand differently than its author. */
const spoil: fc.Arbitrary<((path: string) => string) | undefined> = fc.oneof(
  { weight: 15, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      (path: string) => `/${path}`,
      (path: string) => `${path}/`,
      (path: string) => path.replace('/v1', '/V1'),
      (path: string) => path.replace('/v1/', '/v1/../v1/'),
      (path: string) => path.replace('/v1/', '/v1/%2e/'),
      (path: string) => `${path};jsessionid=1`,
      (path: string) => `${path}%00`,
      (path: string) => `/live${path}`,
      (path: string) => path.replaceAll('/', '%2f').replace('%2f', '/'),
      (path: string) => `${path}.json`,
    ),
  },
);

const pathOf = (template: string, names: KnownNames): fc.Arbitrary<string> => {
  const parameters = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...(names[name] ?? ['x'])) },
      { weight: 1, arbitrary: oddSegment },
    ),
  );
  return fc.tuple(...parameters).map((values) => {
    const left = [...values];
    return template.replaceAll(/\{\w+\}/g, () => left.shift() ?? '');
  });
};

/** Requests for a route: mostly of its own method, with what it takes in any state of repair. */
const requestTo = (
  method: string,
  template: string,
  { document, names, samples, callers }: World,
): fc.Arbitrary<RandomRequest> => {
  const queries = (document.paths[template]?.[method.toLowerCase()]?.parameters ?? [])
    .filter((one) => one.in === 'query')
    .map(({ name }) => name);
  const sample = samples[template];
  return fc
    .record({
      method: fc.oneof(
        { weight: 20, arbitrary: fc.constant(method) },
        { weight: 1, arbitrary: fc.constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST', 'GET') },
      ),
      path: pathOf(template, names),
      spoil,
      query: queryOf(queries),
      headers,
      body: sample === undefined ? fc.constant(undefined) : bodyText(sample),
      caller: fc.constantFrom(...callers),
    })
    .map(({ path, spoil: spoiler, query, ...rest }) => ({
      ...rest,
      path: `${spoiler ? spoiler(path) : path}${query}`,
      route: template,
      isSpoilt:
        spoiler !== undefined ||
        /^\.{0,2}$|%2f|[.]{2}/i.test(path.split('/').at(-1) ?? '') ||
        path.includes('/../') ||
        path.includes('/./'),
    }));
};

/** Requests of all routes; those that take a body have more to go wrong. */
export const randomRequest = (world: World): fc.Arbitrary<RandomRequest> =>
  fc.oneof(
    ...Object.entries(world.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        weight: method === 'get' ? 1 : 3,
        arbitrary: requestTo(method.toUpperCase(), path, world),
      })),
    ),
  );
