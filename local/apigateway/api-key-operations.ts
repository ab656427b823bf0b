import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import {
  type ControlOperation,
  conflict,
  newId,
  notFound,
  pageOf,
  parseBody,
  plain,
} from './control-operation.ts';
import { patchKey, patchSchema } from './patch-operations.ts';
import type { ApiKey, UsagePlans } from './usage-plans.ts';

const newKeySchema = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  value: z.string().min(20).max(128).optional(),
  enabled: z.boolean().default(false),
});

const showKey = ({ createdDate, lastUpdatedDate, value, ...key }: ApiKey, withValue: boolean): JsonValue =>
  plain({
    ...key,
    createdDate: Math.floor(createdDate / 1000),
    lastUpdatedDate: Math.floor(lastUpdatedDate / 1000),
    stageKeys: [],
    ...(withValue && { value }),
  });

/** CreateApiKey, GetApiKeys, GetApiKey, UpdateApiKey, DeleteApiKey. */
export const apiKeyOperations = (store: UsagePlans, clock: Clock): ControlOperation[] => {
  const keyOf = (id = ''): ApiKey => {
    const key = store.keys().find((one) => one.id === id);
    if (key) return key;
    throw notFound('Invalid API Key identifier specified');
  };
  return [
    {
      method: 'POST',
      path: /^\/apikeys$/,
      async run({ body }) {
        const {
          name = '',
          value = randomBytes(30).toString('base64url'),
          ...rest
        } = parseBody(newKeySchema, body);
        if (store.keys().some((one) => one.value === value)) {
          throw conflict('API Key already exists');
        }
        const now = clock.now();
        const key = { ...rest, id: newId(10), name, value, createdDate: now, lastUpdatedDate: now };
        await store.change({ kind: 'key', key });
        return { status: 201, value: showKey(key, true) };
      },
    },
    {
      method: 'GET',
      path: /^\/apikeys$/,
      async run({ query }) {
        const prefix = query.get('name') ?? '';
        const keys = store.keys().filter(({ name }) => name.startsWith(prefix));
        const withValues = query.get('includeValues') === 'true';
        return {
          status: 200,
          value: pageOf(
            keys.map((key) => showKey(key, withValues)),
            query,
          ),
        };
      },
    },
    {
      method: 'GET',
      path: /^\/apikeys\/([^/]+)$/,
      run: async ({ ids: [id], query }) => ({
        status: 200,
        value: showKey(keyOf(id), query.get('includeValue') === 'true'),
      }),
    },
    {
      method: 'PATCH',
      path: /^\/apikeys\/([^/]+)$/,
      async run({ ids: [id], body }) {
        const patched = patchKey(keyOf(id), parseBody(patchSchema, body).patchOperations);
        const key = { ...patched, lastUpdatedDate: clock.now() };
        await store.change({ kind: 'key', key });
        return { status: 200, value: showKey(key, false) };
      },
    },
    {
      method: 'DELETE',
      path: /^\/apikeys\/([^/]+)$/,
      async run({ ids: [id] }) {
        await store.change({ kind: 'key gone', id: keyOf(id).id });
        return { status: 202 };
      },
    },
  ];
};
