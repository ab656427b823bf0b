import { beforeAll, expect, test } from 'vitest';
import { buyerOf } from '../../domain/customers/customer-match.ts';
import { aCustomer } from '../builders/a-partner.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
const coffee = aCustomer({
  customerId: 'C10001',
  name: '示例咖啡馆有限公司',
  email: 'Coffee@example.com',
  telephone: '+8613800138001',
  taxId: '91310115MA1K300001',
});
const books = aCustomer({
  customerId: 'C10002',
  name: '示例书店',
  email: 'books@example.com',
  telephone: '+8613800138001',
});

beforeAll(async () => {
  await at.desk.addCustomer(coffee);
  await at.desk.addCustomer(books);
  await at.desk.addCustomer({ ...coffee, partnerId: 'another-shop', customerId: 'X1' });
});

type Buyer = { customerId?: string; name?: string; email?: string; telephone?: string; taxpayerId?: string };

const find = async ({ customerId, name = '某某某', email, telephone, taxpayerId }: Buyer) => {
  const buyer = { customerId, name, contact: { email, telephone } };
  const found = await at.desk.partners.findCustomer(
    'example-mall',
    buyerOf({ buyer, invoiceRequest: { taxpayerId } }),
  );
  return found.customer?.customerId ?? found.candidates.map((one) => `${one.by} ${one.customerId}`);
};

test.for([
  ['by number', { customerId: 'C10002', email: 'coffee@example.com' }, 'C10002'],
  ['by e-mail address, however it is written', { email: 'coffee@Example.com' }, 'C10001'],
  ['by tax number', { taxpayerId: '91310115MA1K300001' }, 'C10001'],
  [
    'by a telephone that two share, and an address that settles it',
    { telephone: '+8613800138001', email: 'books@example.com' },
    'C10002',
  ],
  [
    'not by a telephone that two share',
    { telephone: '+8613800138001' },
    ['TELEPHONE C10001', 'TELEPHONE C10002'],
  ],
  [
    'not by an address and a tax number that disagree',
    { email: 'books@example.com', taxpayerId: '91310115MA1K300001' },
    ['EMAIL C10002', 'TAX_ID C10001'],
  ],
  ['not by a beginning of a telephone', { telephone: '+861380013800' }, []],
  [
    'not by a number with a slip',
    { customerId: 'C1000', name: '某某某' },
    ['NUMBER C10001', 'NUMBER C10002'],
  ],
  [
    'not by address where a number is given that nobody has',
    { customerId: 'ZZZ', email: 'books@example.com' },
    ['EMAIL C10002'],
  ],
  ['not by a name, though told', { name: '示例咖啡馆' }, ['NAME C10001']],
  ['not at all', { name: '张三', email: 'nobody@example.com' }, []],
] as const)('a customer is found %s', async ([, buyer, expected]) => {
  expect(await find(buyer)).toEqual(expected);
});
