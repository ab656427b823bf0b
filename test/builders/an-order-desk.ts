import { NoSuchKey } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import type { MailIntent } from '../../domain/mail.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import type { WaitAnswer } from '../../domain/orders/wait.ts';
import type { Customer, Partner } from '../../domain/partner.ts';
import type { Product } from '../../domain/product.ts';
import type { RuleName } from '../../domain/rules/rules.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { catalogueTable } from '../../functions/shared/catalogue-table.ts';
import { lookupRows } from '../../functions/shared/customer-lookups.ts';
import { mailOutbox } from '../../functions/shared/mail-outbox.ts';
import { orderLists } from '../../functions/shared/order-lists.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { partnersTable } from '../../functions/shared/partners-table.ts';
import { createPlaceOrder } from '../../functions/shared/place-order.ts';
import { ruleIndexKey, ruleVersionKey } from '../../functions/shared/rule-book.ts';
import { stockTable } from '../../functions/shared/stock-table.ts';
import { orderWaits } from '../../functions/shared/waits.ts';
import { createAuditOrder } from '../../functions/steps/audit-order.ts';
import { createReserveStock } from '../../functions/steps/reserve-stock.ts';
import { aPartner } from './a-partner.ts';
import { aProduct } from './a-product.ts';
import { aSubmission, aSubmittedLine, orderDay } from './a-submission.ts';
import { aCompany } from './an-order.ts';
import { startDynamoDb, type TestDatabase, tables } from './dynamodb.ts';

/** Executions of the order machine as a list of starts; the next `failures` of them fail. */
const recordedExecutions = () => {
  const started: string[] = [];
  const redriven: string[] = [];
  const statuses = new Map<string, string>();
  return {
    started,
    redriven,
    statuses,
    failures: 0,
    async start(orderNumber: string) {
      if (this.failures > 0) {
        this.failures--;
        throw new Error('states are not reachable');
      }
      started.push(orderNumber);
      statuses.set(orderNumber, 'RUNNING');
    },
    statusOf: async (orderNumber: string) => statuses.get(orderNumber),
    redrive: async (orderNumber: string) => {
      redriven.push(orderNumber);
    },
  };
};

/** Answered task tokens; the second answer to a token finds it gone. */
const recordedAnswers = () => {
  const answered = new Map<string, WaitAnswer>();
  const answer = async (taskToken: string, found: WaitAnswer): Promise<'answered' | 'gone'> => {
    if (answered.has(taskToken)) return 'gone';
    answered.set(taskToken, found);
    return 'answered';
  };
  return { answered, answer };
};

/** The real adapters over a database, with recorders where the desk reaches Step Functions and S3. */
const openDesk = ({ db, url }: TestDatabase) => {
  const clock = { now: orderDay };
  const now = () => clock.now;
  const timeZone = () => aCompany.timeZone;
  const orders = ordersTable(db, () => tables.orders);
  const lists = orderLists(db, () => tables.orders);
  const stock = stockTable(db, () => tables.stock);
  const catalogue = catalogueTable(db, () => tables.catalogue);
  const partners = partnersTable(db, () => tables.partners);
  const outbox = mailOutbox(db, () => tables.orders);
  const executions = recordedExecutions();
  const { answered, answer } = recordedAnswers();
  const waits = orderWaits(orders, answer);
  const archive = new Map<string, string>();
  const documents = {
    put: async (key: string, body: string | Buffer) => {
      archive.set(key, String(body));
    },
    get: async (key: string) => {
      const text = archive.get(key);
      if (text === undefined) throw new NoSuchKey({ $metadata: {}, message: key });
      return Buffer.from(text);
    },
    link: async (key: string) => `https://documents.example.com/${key}`,
  };
  const put = (TableName: string, Item: Record<string, unknown>) =>
    db.send(new PutCommand({ TableName, Item }));
  const company = () => aCompany;
  const placeOrder = createPlaceOrder({
    orders,
    catalogue,
    partners,
    documents,
    executions,
    stock,
    timeZone,
    now,
  });
  const audit = createAuditOrder({ orders, catalogue, partners, stock, timeZone, now });
  const reserve = createReserveStock({ orders, stock, catalogue, partners, company, now });

  const read = async (orderNumber: string): Promise<OrderRecord> => {
    const order = await orders.read(orderNumber);
    if (!order) throw new Error(`no order ${orderNumber}`);
    return order;
  };

  const addPartner = async (changes: Partial<Partner> = {}): Promise<Partner> => {
    const partner = aPartner(changes);
    await put(tables.partners, { pk: `PARTNER#${partner.partnerId}`, sk: 'PROFILE', ...partner });
    return partner;
  };

  const addProduct = async (sku: string, onHand: number, changes: Partial<Product> = {}): Promise<void> => {
    await put(tables.catalogue, { pk: `SKU#${sku}`, sk: 'PRODUCT', ...aProduct({ ...changes, sku }) });
    await put(tables.stock, { pk: `SKU#${sku}`, sk: 'LEVEL', sku, onHand, reserved: 0, available: onHand });
  };

  let addresses = 0;
  /** Every order goes to a house of its own, so that none is taken for another's duplicate. */
  const elsewhere = () => {
    const { delivery } = aSubmission();
    addresses += 1;
    return { ...delivery, address: { ...delivery.address, line1: `示例路 ${addresses} 号` } };
  };

  /** An order placed by a partner whose rows exist: for one SKU, unless the submission has other lines. */
  const place = async (
    partner: Partner,
    sku: string,
    changes: Partial<SubmissionInput> = {},
  ): Promise<string> => {
    const { customerId, ...buyer } = aSubmission().buyer;
    const body = aSubmission({
      customerOrderReference: crypto.randomUUID(),
      orderType: 'STANDARD',
      buyer,
      lines: [aSubmittedLine({ sku, quantity: 1 })],
      totals: undefined,
      delivery: elsewhere(),
      ...changes,
    });
    const source = { kind: 'API', text: JSON.stringify(body) } as const;
    const placed = await placeOrder({ partner, body: JSON.parse(source.text), source, commit: true });
    if (placed.outcome !== 'created') throw new Error(`not placed: ${JSON.stringify(placed)}`);
    return placed.orderNumber;
  };

  return {
    db,
    url,
    clock,
    now,
    timeZone,
    company,
    orders,
    lists,
    stock,
    catalogue,
    partners,
    outbox,
    executions,
    answered,
    waits,
    archive,
    documents,
    placeOrder,
    audit,
    reserve,
    read,
    put,
    addPartner,
    addProduct,
    /** The one document of rules of a test file, in force since long, before the desk reads any. */
    addRules: async (name: RuleName, content: unknown) => {
      const from = '2025-01-01';
      const loadedAt = orderDay.toISOString();
      await put(tables.catalogue, {
        ...ruleVersionKey(name, 1),
        name,
        version: 1,
        from,
        loadedAt,
        content,
      });
      const versions = { [name]: [{ version: 1, from }] };
      await put(tables.catalogue, { ...ruleIndexKey, edition: 1, versions, latest: { [name]: 1 } });
    },
    addCustomer: async (customer: Customer) => {
      const own = { pk: `PARTNER#${customer.partnerId}`, sk: `CUSTOMER#${customer.customerId}`, ...customer };
      for (const row of [own, ...lookupRows(customer)]) await put(tables.partners, row);
    },
    place,
    /** Placed, audited and reserved: PENDING_PAYMENT, or READY_TO_SHIP where no money must come first. */
    accept: async (
      partner: Partner,
      sku: string,
      changes: Partial<SubmissionInput> = {},
    ): Promise<string> => {
      const orderNumber = await place(partner, sku, changes);
      await audit({ orderNumber });
      await reserve({ orderNumber });
      return orderNumber;
    },
    level: async (sku: string) => {
      const { onHand, reserved, available } = (await stock.readLevels([sku])).get(sku) ?? {};
      return { onHand, reserved, available };
    },
    mailsOf: async (orderNumber: string) =>
      (await read(orderNumber)).mails.map(
        ({ template, recipient }: MailIntent) => `${template} ${recipient}`,
      ),
  };
};

export type OrderDesk = ReturnType<typeof openDesk>;

/** One order desk a test file, over a database that lives as long as the file's tests. */
export const useOrderDesk = (): { readonly desk: OrderDesk } => {
  let database: TestDatabase | undefined;
  let desk: OrderDesk | undefined;
  beforeAll(async () => {
    database = await startDynamoDb();
    desk = openDesk(database);
  });
  afterAll(() => database?.close());
  return {
    get desk() {
      if (!desk) throw new Error('the desk is open from beforeAll on');
      return desk;
    },
  };
};
