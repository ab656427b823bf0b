import type { FunctionPlan } from './business-function.ts';
import { auditEnvironment, type Settings, uploadEnvironment } from './settings.ts';

/** One function per operation of the API, named as its file. */
export const apiFunctions = (settings: Settings) =>
  ({
    'place-order': {
      harm: 'Partners cannot submit orders: their posts are answered with an error.',
      tables: {
        orders: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
        catalogue: ['BatchGetItem'],
        partners: ['GetItem', 'Query'],
        stock: ['BatchGetItem'],
      },
      stores: ['orders/'],
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone, ...auditEnvironment(settings) },
    },
    'validate-order': {
      harm: 'Partners cannot try orders out: they learn of problems only by submitting.',
      tables: {
        orders: ['GetItem', 'Query'],
        catalogue: ['BatchGetItem'],
        partners: ['GetItem', 'Query'],
        stock: ['BatchGetItem'],
      },
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone, ...auditEnvironment(settings) },
    },
    'list-orders': {
      harm: 'Partners cannot look for their orders.',
      tables: { orders: ['GetItem'] },
    },
    'list-all-orders': {
      harm: 'Staff cannot look for orders: they see none but those whose number they know.',
      tables: { orders: ['GetItem'] },
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone },
    },
    'tag-order': {
      harm: 'Staff cannot mark orders, and so not find them again by their mark.',
      tables: { orders: ['Query', 'PutItem'] },
    },
    'count-orders': {
      harm: 'Staff do not see how many orders there are of each kind.',
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone },
    },
    'read-order': {
      harm: 'Partners cannot read an order, its status or its invoice.',
      tables: { orders: ['Query'] },
      opens: ['orders/'],
    },
    'list-order-events': {
      harm: 'Partners and auditors cannot read the history of an order.',
      tables: { orders: ['GetItem', 'Query'] },
      opens: ['orders/'],
    },
    'cancel-order-request': {
      harm: 'Orders cannot be cancelled: goods that nobody wants any more may leave the warehouse.',
      tables: { orders: ['GetItem', 'Query', 'PutItem'] },
    },
    'record-payment': {
      harm: 'Payments are not recorded: customers who have paid wait for goods that are not released.',
      tables: { orders: ['GetItem', 'Query', 'PutItem'], stock: ['UpdateItem'] },
      knowsCompany: true,
    },
    'record-outbound-slip': {
      harm: 'Outbound slips are not checked: the warehouse stands with packed goods that it may not send.',
      tables: { orders: ['GetItem', 'Query', 'PutItem'] },
      knowsCompany: true,
    },
    'record-shipment': {
      harm: 'Shipments are not recorded: customers get no tracking number, and stock figures are too high.',
      tables: {
        orders: ['GetItem', 'Query', 'PutItem'],
        stock: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      },
    },
    'record-carrier-event': {
      harm: 'Carrier events are lost: delivered orders stay open, and lost parcels stay unseen.',
      tables: { orders: ['GetItem', 'Query', 'PutItem'] },
      knowsCompany: true,
    },
    'request-upload': {
      harm: 'Partners cannot hand in spreadsheets through the API.',
      tables: { orders: ['PutItem'], partners: ['GetItem'] },
      environment: uploadEnvironment(settings),
    },
    'read-upload-status': {
      harm: 'Partners cannot see what became of their spreadsheet.',
      tables: { orders: ['GetItem', 'Query'] },
      opens: ['results/'],
    },
    'read-openapi': { harm: 'Partners cannot fetch the description of the API.' },
    'list-inbound-mails': {
      harm: 'The desk does not see which mails were not taken as orders, nor that somebody tried to order.',
      tables: { orders: ['BatchGetItem'] },
    },
    'list-findings': {
      harm: 'The desk does not see which orders wait for a decision: their customers wait with them.',
      tables: { orders: ['BatchGetItem'] },
    },
    'assign-finding': {
      harm: 'The desk cannot share its work: the same question is settled twice, or by nobody.',
      tables: { orders: ['Query', 'PutItem'] },
    },
    'resolve-finding': {
      harm: 'Problem orders cannot be decided on: they stand until their deadline cancels them.',
      tables: {
        orders: ['GetItem', 'Query', 'PutItem'],
        catalogue: ['BatchGetItem'],
        partners: ['GetItem', 'Query'],
        stock: ['BatchGetItem'],
      },
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone },
    },
    'list-rules': {
      harm: 'Staff do not see which rules hold, nor who changed them.',
      tables: { catalogue: ['BatchGetItem'] },
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone },
    },
    'read-rules': {
      harm: 'Staff cannot read promotions, limits and areas, and so not change them.',
      tables: { catalogue: ['BatchGetItem'] },
    },
    'load-rules': {
      harm: 'Staff cannot change promotions, limits or areas: orders are held, or let pass, by old rules.',
      tables: { catalogue: ['BatchGetItem', 'PutItem'] },
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone },
    },
    'load-prices': {
      harm: 'Staff cannot load prices: orders at the new ones are held.',
      tables: { catalogue: ['BatchGetItem', 'PutItem', 'UpdateItem'] },
      memoryMb: 1024,
    },
    'load-products': {
      harm: 'Staff cannot load articles: orders for new ones are held.',
      tables: { catalogue: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
      memoryMb: 1024,
    },
    'answer-questions': {
      harm: 'Partners cannot answer questions about their orders: these stand until their deadline cancels them.',
      tables: {
        orders: ['GetItem', 'Query', 'PutItem'],
        catalogue: ['BatchGetItem'],
        partners: ['GetItem', 'Query'],
        stock: ['BatchGetItem'],
      },
      knowsCompany: true,
    },
    'open-answer-page': {
      harm: 'Customers cannot open the links in our mails: they are asked and cannot answer.',
      tables: { orders: ['GetItem', 'Query'] },
      knowsCompany: true,
    },
    'answer-by-link': {
      harm: 'Answers of customers are not stored: their orders stand until their deadline cancels them.',
      tables: {
        orders: ['GetItem', 'Query', 'PutItem'],
        catalogue: ['BatchGetItem'],
        partners: ['GetItem', 'Query'],
        stock: ['BatchGetItem'],
      },
      knowsCompany: true,
    },
    'read-template': {
      harm: 'Partners cannot download the spreadsheet to fill in.',
      environment: { COMPANY_TIME_ZONE: settings.companyTimeZone },
    },
  }) satisfies Record<string, FunctionPlan>;

export type ApiFunctionName = keyof ReturnType<typeof apiFunctions>;

/** The paths of contract section 1 that are served, by method and resource. */
export const routes: [method: 'GET' | 'POST' | 'PUT', path: string, name: ApiFunctionName][] = [
  ['POST', '/v1/orders', 'place-order'],
  ['POST', '/v1/orders/validate', 'validate-order'],
  ['GET', '/v1/orders', 'list-orders'],
  ['GET', '/v1/orders/{orderNumber}', 'read-order'],
  ['GET', '/v1/orders/{orderNumber}/events', 'list-order-events'],
  ['POST', '/v1/orders/{orderNumber}/cancellation', 'cancel-order-request'],
  ['POST', '/v1/orders/{orderNumber}/answers', 'answer-questions'],
  ['POST', '/v1/orders/{orderNumber}/payments', 'record-payment'],
  ['POST', '/v1/orders/{orderNumber}/outbound-slips', 'record-outbound-slip'],
  ['POST', '/v1/orders/{orderNumber}/shipments', 'record-shipment'],
  ['POST', '/v1/orders/{orderNumber}/shipments/{shipmentId}/events', 'record-carrier-event'],
  ['POST', '/v1/uploads', 'request-upload'],
  ['GET', '/v1/uploads/{uploadId}', 'read-upload-status'],
  ['GET', '/v1/templates/orders.xlsx', 'read-template'],
  ['GET', '/v1/openapi.json', 'read-openapi'],
  ['GET', '/desk/inbound-mails', 'list-inbound-mails'],
  ['GET', '/desk/orders', 'list-all-orders'],
  ['PUT', '/desk/orders/{orderNumber}/tags', 'tag-order'],
  ['GET', '/desk/statistics', 'count-orders'],
  ['GET', '/desk/findings', 'list-findings'],
  ['POST', '/desk/findings/{findingId}/assignment', 'assign-finding'],
  ['POST', '/desk/findings/{findingId}/resolution', 'resolve-finding'],
  ['GET', '/desk/rules', 'list-rules'],
  ['GET', '/desk/rules/{ruleName}', 'read-rules'],
  ['PUT', '/desk/rules/{ruleName}', 'load-rules'],
  ['POST', '/desk/prices', 'load-prices'],
  ['POST', '/desk/products', 'load-products'],
];

/** Paths without a caller: a customer's link is its own credential. Each is throttled by itself. */
export const linkRoutes: typeof routes = [
  ['GET', '/t/{token}', 'open-answer-page'],
  ['POST', '/t/{token}/answers', 'answer-by-link'],
];
