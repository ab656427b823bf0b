import { S3Error } from './s3-error.ts';

/** A page of a listing: entries and the prefixes that stand for whole groups of keys. */
export type Page<Entry> = {
  entries: Entry[];
  commonPrefixes: string[];
  /** The last entry or prefix of a page that is not the last one. */
  cutAfter?: { entry: Entry } | { prefix: string };
};

const mostEntries = 1000;

export type PageRequest = { prefix: string; delimiter: string; maxKeys: number };

/** What a listing asks for; `limit` names the query that says how much. */
export const readPageRequest = (
  query: URLSearchParams,
  limit: 'max-keys' | 'max-uploads' | 'max-parts' = 'max-keys',
): PageRequest => {
  const maxKeys = Number(query.get(limit) ?? mostEntries);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw new S3Error('InvalidArgument', {
      message: `Argument ${limit} must be an integer between 0 and 2147483647`,
      details: { ArgumentName: limit, ArgumentValue: query.get(limit) ?? '' },
    });
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(maxKeys, mostEntries),
  };
};

const groupOf = (key: string, { prefix, delimiter }: PageRequest): string | undefined => {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
};

/** Cuts a page from entries in key order that begin with the prefix, folding keys by the delimiter. */
export const cutPage = <Entry extends { key: string }>(
  entries: Iterable<Entry>,
  request: PageRequest,
): Page<Entry> => {
  const page: Page<Entry> = { entries: [], commonPrefixes: [] };
  let last: Page<Entry>['cutAfter'];
  for (const entry of entries) {
    const prefix = groupOf(entry.key, request);
    if (prefix !== undefined && prefix === page.commonPrefixes.at(-1)) continue;
    if (page.entries.length + page.commonPrefixes.length === request.maxKeys) {
      return last ? { ...page, cutAfter: last } : page;
    }
    if (prefix === undefined) page.entries.push(entry);
    else page.commonPrefixes.push(prefix);
    last = prefix === undefined ? { entry } : { prefix };
  }
  return page;
};

/** How a listing writes keys: with encoding-type=url, percent-encoded. */
export const keyEncoder = (query: URLSearchParams): ((key: string) => string) => {
  const encoding = query.get('encoding-type');
  if (encoding === null) return (key) => key;
  if (encoding !== 'url') throw new S3Error('InvalidArgument', { message: 'Invalid Encoding Method' });
  return (key) => encodeURIComponent(key).replaceAll('%2F', '/');
};
