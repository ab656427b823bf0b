import { expect, test } from 'vitest';
import { partnerRoles } from '../../domain/partner.ts';
import {
  actorName,
  mayLoadCatalogue,
  mayLoadRules,
  mayPost,
  maySee,
  mayTag,
  mayView,
  type Principal,
  staffGroups,
} from '../../domain/permissions.ts';
import { ruleNames } from '../../domain/rules/rules.ts';

const partner = (...roles: (typeof partnerRoles)[number][]): Principal => ({
  kind: 'partner',
  partnerId: 'example-mall',
  roles,
});
const staff = (...groups: (typeof staffGroups)[number][]): Principal => ({
  kind: 'staff',
  username: 'li.lei',
  groups,
});

const rights = {
  payment: { PAYMENT_PROVIDER: true, finance: true },
  'outbound-slip': { WAREHOUSE: true, warehouse: true },
  shipment: { WAREHOUSE: true, CARRIER: true, warehouse: true, logistics: true },
  'carrier-event': { CARRIER: true, logistics: true },
} as const;
const notices = Object.keys(rights) as (keyof typeof rights)[];

test.for(notices)('a %s is posted by those whose business it is, and by nobody else', (notice) => {
  const allowed: Record<string, boolean> = rights[notice];
  for (const role of partnerRoles)
    expect([role, mayPost(partner(role), notice)]).toEqual([role, role in allowed]);
  for (const group of staffGroups)
    expect([group, mayPost(staff(group), notice)]).toEqual([group, group in allowed]);
  expect(mayPost(partner(), notice)).toBe(false);
  expect(mayPost(staff(), notice)).toBe(false);
});

test('a partner sees its own orders, staff see all', () => {
  expect(maySee(partner(), { partnerId: 'example-mall' })).toBe(true);
  expect(maySee(partner('CARRIER'), { partnerId: 'example-mall-2' })).toBe(false);
  expect(maySee(staff(), { partnerId: 'example-mall-2' })).toBe(true);
});

test('rules are seen by those who go by them, and loaded by those who answer for them', () => {
  const groupsThat = (may: (principal: Principal) => boolean) =>
    staffGroups.filter((group) => may(staff(group)));
  expect(groupsThat((one) => mayView(one, 'rules'))).toEqual([
    'desk',
    'logistics',
    'purchasing',
    'finance',
    'manager',
  ]);
  const loaders = Object.fromEntries(
    ruleNames.map((name) => [name, groupsThat((one) => mayLoadRules(one, name))]),
  );
  expect(loaders).toEqual({
    areas: ['logistics', 'manager'],
    discounts: ['finance', 'manager'],
    orderTypes: ['finance', 'manager'],
    promotions: ['finance', 'manager'],
  });
  expect(groupsThat((one) => mayLoadCatalogue(one, 'prices'))).toEqual(['finance', 'manager']);
  expect(groupsThat((one) => mayLoadCatalogue(one, 'products'))).toEqual(['purchasing', 'manager']);
  expect(mayLoadCatalogue(partner(...partnerRoles), 'prices')).toBe(false);
  for (const name of ruleNames)
    for (const one of [staff(), partner(...partnerRoles)])
      expect([mayView(one, 'rules'), mayLoadRules(one, name)]).toEqual([false, false]);
});

test('events name who acted', () => {
  expect(actorName(partner())).toBe('partner:example-mall');
  expect(actorName(staff())).toBe('staff:li.lei');
});

test('every group of the staff looks for orders; the desk, finance and managers count them; desk and managers mark them', () => {
  const groupsThat = (may: (principal: Principal) => boolean) =>
    staffGroups.filter((group) => may(staff(group)));
  expect(groupsThat((one) => mayView(one, 'orders'))).toEqual(staffGroups);
  expect(groupsThat((one) => mayView(one, 'statistics'))).toEqual(['desk', 'finance', 'manager']);
  expect(groupsThat(mayTag)).toEqual(['desk', 'manager']);
  for (const one of [staff(), partner(...partnerRoles)])
    expect([mayView(one, 'orders'), mayView(one, 'statistics'), mayTag(one)]).toEqual([false, false, false]);
});

test('mails that were refused are for the desk and managers to see, never for a partner', () => {
  expect(staffGroups.filter((group) => mayView(staff(group), 'inbound-mails'))).toEqual(['desk', 'manager']);
  expect(mayView(staff(), 'inbound-mails')).toBe(false);
  expect(mayView(partner(...partnerRoles), 'inbound-mails')).toBe(false);
});
