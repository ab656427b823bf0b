import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { orderSummarySchema } from '../domain/orders/order-summary.ts';
import type { BusinessFunction } from './business-function.ts';

export const tableNames = ['orders', 'stock', 'catalogue', 'partners'] as const;

export type TableName = (typeof tableNames)[number];

/** What may be done to a table. A transaction is authorized by the actions that it is made of. */
export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** The order number is the sort key of both lists of orders: it never changes, so no order moves while pages are read. */
const orderLists = {
  sortKey: text('orderNumber'),
  projectionType: ProjectionType.INCLUDE,
  nonKeyAttributes: Object.keys(orderSummarySchema.shape).filter((name) => name !== 'orderNumber'),
};

const orderIndexes = {
  /** A partner's orders by their number. */
  byPartner: { partitionKey: text('orderPartnerId'), ...orderLists },
  /** All orders by the day on which they came in. */
  byDay: { partitionKey: text('orderDay'), ...orderLists },
  /** Open orders by how long they stand: sparse, since a finished order has no `openStatus`. */
  byStatus: {
    partitionKey: text('openStatus'),
    sortKey: text('statusSince'),
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: ['orderNumber'],
  },
} satisfies Record<string, Omit<GlobalSecondaryIndexPropsV2, 'indexName'>>;

export type OrderIndex = keyof typeof orderIndexes;

/** What the company knows: four tables on demand, restorable to any second of the last 35 days. */
export class Data extends Construct {
  private readonly tables: Record<TableName, TableV2>;

  constructor(scope: Construct, id: string, { retain }: { retain: boolean }) {
    super(scope, id);
    const table = (name: string, more: Partial<TablePropsV2> = {}) =>
      new TableV2(this, name, {
        partitionKey: text('pk'),
        sortKey: text('sk'),
        billing: Billing.onDemand(),
        encryption: TableEncryptionV2.awsManagedKey(),
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtection: retain,
        removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        ...more,
      });
    this.tables = {
      orders: table('Orders', {
        timeToLiveAttribute: 'expiresAt',
        dynamoStream: StreamViewType.NEW_IMAGE,
        globalSecondaryIndexes: Object.entries(orderIndexes).map(([indexName, index]) => ({
          indexName,
          ...index,
        })),
      }),
      stock: table('Stock'),
      catalogue: table('Catalogue'),
      partners: table('Partners'),
    };
  }

  tableName(name: TableName): string {
    return this.tables[name].tableName;
  }

  /** The changes of the Orders table: the outbox of mails reads them. */
  get orderStreamArn(): string {
    const arn = this.tables.orders.tableStreamArn;
    if (arn === undefined) throw new Error('The Orders table has no stream.');
    return arn;
  }

  /** Lets a function do these things to a table, and names the table to it. */
  grant(to: BusinessFunction, name: TableName, actions: readonly TableAction[]): void {
    to.setEnvironment(`${name.toUpperCase()}_TABLE`, this.tableName(name));
    to.allow(
      actions.map((action) => `dynamodb:${action}`),
      [this.tables[name].tableArn],
    );
  }

  /** Lets a function read an index of the Orders table, and names the table to it. */
  grantQueryIndex(to: BusinessFunction, index: OrderIndex): void {
    to.setEnvironment('ORDERS_TABLE', this.tableName('orders'));
    to.allow(['dynamodb:Query'], [`${this.tables.orders.tableArn}/index/${index}`]);
  }
}
