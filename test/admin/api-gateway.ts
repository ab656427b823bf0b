import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  UpdateUsagePlanCommand,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import { mockClient } from 'aws-sdk-client-mock';
import type { Target } from '../../admin/targets.ts';

type Held = {
  keys: { id: string; name: string; value: string }[];
  plans: (UsagePlan & { keyIds: string[] })[];
};

/** An API Gateway that remembers its keys and usage plans, one to a page as a large account would have them. */
export const mockApiGateway = (target: Target, held: Held = { keys: [], plans: [] }) => {
  const mock = mockClient(target.apiGateway);
  const page = <Item>(items: Item[], position = '0') => {
    const start = Number(position);
    const next = start + 1 < items.length ? { position: String(start + 1) } : {};
    return { items: items.slice(start, start + 1), ...next };
  };
  const plan = (id: string | undefined) => held.plans.find((one) => one.id === id) ?? { keyIds: [] };
  mock.on(GetApiKeysCommand).callsFake(({ nameQuery = '', position }) =>
    page(
      held.keys.filter(({ name }) => name.startsWith(nameQuery)).map(({ id, name }) => ({ id, name })),
      position,
    ),
  );
  mock.on(GetUsagePlansCommand).callsFake(({ position }) => page(held.plans, position));
  mock.on(GetUsagePlanKeysCommand).callsFake(({ usagePlanId, position }) =>
    page(
      plan(usagePlanId).keyIds.map((id: string) => ({ id })),
      position,
    ),
  );
  mock.on(CreateApiKeyCommand).callsFake(({ name, value }) => {
    const key = { id: `key${held.keys.length}`, name, value };
    held.keys.push(key);
    return key;
  });
  mock.on(CreateUsagePlanCommand).callsFake((input) => {
    const created = { ...input, id: `plan${held.plans.length}`, keyIds: [] };
    held.plans.push(created);
    return created;
  });
  mock.on(CreateUsagePlanKeyCommand).callsFake(({ usagePlanId, keyId }) => {
    plan(usagePlanId).keyIds.push(keyId);
    return { id: keyId };
  });
  mock.on(UpdateUsagePlanCommand).resolves({});
  return { held, mock };
};
