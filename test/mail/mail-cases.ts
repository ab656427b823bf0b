import { type MailIntent, type MailTemplate, mailTemplates } from '../../domain/mail.ts';
import type { OrderRecord, StoredFinding } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import type { Language } from '../../domain/values/languages.ts';
import type { InboundMailModel, MailModel, UploadModel } from '../../functions/mail/mail-model.ts';
import { aCompany, anOrder, type OrderInput, orderNumber } from './an-order.ts';

const uploadId = 'upl-20251014-0001';

const foundAt = '2025-10-14T02:00:01.000Z';

type OrderTemplate = Exclude<MailTemplate, 'upload-result' | 'mail-refused'>;

const priceQuestion: StoredFinding = {
  severity: 'HOLD',
  code: 'PRICE_MISMATCH',
  pointer: '#/lines/0/unitPrice',
  value: '39.90',
  expected: '42.00',
  suggestion: '42.00',
  question: '请确认价格',
  number: 1,
  round: 1,
  open: true,
  foundAt,
  dueAt: '2025-10-16T02:00:00.000Z',
};

/** What each mail about an order tells of. */
const inputs: Readonly<Record<OrderTemplate, OrderInput>> = {
  'order-received': {},
  'order-confirmed': {
    state: {
      status: 'PENDING_PAYMENT',
      paymentDueAt: '2025-10-15T10:30:00.000Z',
      promisedDate: '2025-10-20',
    },
    record: {
      findings: [
        {
          severity: 'WARNING',
          code: 'STOCK_SHORT',
          pointer: '#/lines/0/quantity',
          value: '24',
          expected: '20',
          open: false,
          foundAt,
          number: 1,
          round: 1,
        },
      ],
    },
  },
  'payment-instructions': { state: { status: 'PENDING_PAYMENT', paymentDueAt: '2025-10-15T10:30:00.000Z' } },
  'payment-received': {
    state: { status: 'PAID', receivedAmount: 90972 },
    record: {
      payments: [
        { paymentId: 'PAY-1', amountMinor: 90972, currency: 'CNY', receivedAt: '2025-10-14T08:00:00.000Z' },
      ],
    },
  },
  'payment-mismatch': {
    state: { status: 'ON_HOLD', receivedAmount: 50000 },
    record: {
      payments: [
        { paymentId: 'PAY-1', amountMinor: 50000, currency: 'CNY', receivedAt: '2025-10-14T08:00:00.000Z' },
      ],
    },
  },
  'warehouse-pick': { state: { status: 'READY_TO_SHIP' }, content: { notes: '请放在门卫处\n工作日送货' } },
  'slip-mismatch': {
    state: { status: 'ON_HOLD', slip: { slipId: 'SLIP-7', outcome: 'MISMATCH' } },
    record: {
      slips: [
        {
          slip: {
            slipId: 'SLIP-7',
            recipientName: '王敏',
            address: { line1: '张江路 100 号 3 幢', city: '上海市', countryCode: 'CN' },
            lines: [{ sku: 'CUP-350-BL', quantity: 20 }],
          },
          receivedAt: foundAt,
          outcome: 'MISMATCH',
          findings: [
            {
              severity: 'HOLD',
              code: 'SLIP_MISMATCH',
              pointer: '#/lines/CUP-350-BL/quantity',
              value: '20',
              expected: '24',
            },
          ],
        },
      ],
    },
  },
  shipped: {
    lines: [
      { sku: 'CUP-350-BL', name: '保温杯', specification: '350ml 蓝色', quantity: 24, unitPrice: '39.90' },
      { sku: 'TEA-100', name: '绿茶', quantity: 2, unitPrice: '68.00', unitCode: 'XBX' },
    ],
    state: { status: 'PARTIALLY_SHIPPED' },
    record: {
      shipments: [
        {
          shipmentId: 'SHIP-1',
          carrier: '示例快递',
          trackingNumber: 'SF1000000001',
          trackingUrl: 'https://carrier.example.com/track?n=SF1000000001&lang=zh',
          shippedAt: '2025-10-16T06:00:00.000Z',
          lines: [{ lineId: '1', quantity: 20 }],
          events: [],
        },
        {
          shipmentId: 'SHIP-2',
          carrier: '示例快递',
          trackingNumber: 'SF2000000002',
          shippedAt: '2025-10-17T06:00:00.000Z',
          lines: [{ lineId: '2', quantity: 2 }],
          events: [],
        },
      ],
    },
  },
  'delivery-exception': {
    state: { status: 'DELIVERY_EXCEPTION' },
    record: {
      shipments: [
        {
          shipmentId: 'SHIP-1',
          carrier: '示例快递',
          trackingNumber: 'SF1000000001',
          shippedAt: '2025-10-16T06:00:00.000Z',
          lines: [{ lineId: '1', quantity: 24 }],
          events: [
            { eventId: 'E1', type: 'IN_TRANSIT', at: '2025-10-16T09:00:00.000Z' },
            {
              eventId: 'E2',
              type: 'REFUSED',
              at: '2025-10-17T09:00:00.000Z',
              location: '上海',
              note: '收件人不在',
            },
          ],
        },
      ],
    },
  },
  'invoice-issued': {
    state: {
      status: 'SHIPPED',
      invoice: {
        invoiceNumber: 'INV-20251016-000001',
        issuedAt: '2025-10-16T07:00:00.000Z',
        documentKey: `orders/${orderNumber}/INV-20251016-000001.pdf`,
      },
    },
    content: {
      invoiceRequest: {
        titleType: 'ORGANIZATION',
        title: '上海示例贸易有限公司',
        taxpayerId: '91310115MA1K3XXXXX',
        kind: 'NORMAL',
      },
    },
  },
  completed: { state: { status: 'COMPLETED', receivedAmount: 90972 } },
  'order-cancelled': {
    state: {
      status: 'CANCELLED',
      receivedAmount: 90972,
      refundDue: true,
      cancellation: {
        reasonCode: 'REQUESTED',
        note: '改买其他型号',
        requestedAt: foundAt,
        requestedBy: 'partner:acme-east',
      },
    },
  },
  'order-rejected': {
    state: { status: 'REJECTED', rejected: true },
    record: {
      findings: [
        {
          severity: 'ERROR',
          code: 'SKU_UNKNOWN',
          pointer: '#/lines/0/sku',
          value: 'CUP-350-BX',
          suggestion: 'CUP-350-BL',
          open: true,
          foundAt,
          number: 1,
          round: 1,
        },
      ],
    },
  },
  clarification: {
    state: { status: 'ON_HOLD', openFindings: 2 },
    record: {
      findings: [
        {
          severity: 'HOLD',
          code: 'PRICE_MISMATCH',
          pointer: '#/lines/0/unitPrice',
          value: '39.90',
          expected: '42.00',
          suggestion: '42.00',
          open: true,
          foundAt,
          number: 1,
          round: 1,
        },
        {
          severity: 'HOLD',
          code: 'STOCK_SHORT',
          pointer: '#/lines/0/quantity',
          value: '24',
          expected: '20',
          open: true,
          foundAt,
          number: 1,
          round: 1,
        },
      ],
    },
  },
  'clarification-reminder': {
    state: { status: 'ON_HOLD', openFindings: 1 },
    record: { findings: [priceQuestion] },
  },
  'clarification-expired': {
    state: { status: 'CANCELLED', openFindings: 0 },
    record: { findings: [{ ...priceQuestion, open: false }] },
  },
  'contact-bounced': {
    state: { status: 'ON_HOLD', openFindings: 1, contactBounced: true },
    record: { findings: [priceQuestion] },
  },
  'stuck-order': {
    state: { status: 'READY_TO_SHIP' },
    record: {
      events: [
        {
          sequence: 3,
          type: 'order.slip_matched',
          at: '2025-10-15T01:00:00.000Z',
          actor: 'partner:wms',
          data: {},
        },
      ],
    },
  },
};

const partner: Partner = {
  partnerId: 'acme-east',
  name: '华东示例商贸',
  active: true,
  language: 'zh-CN',
  currencies: ['CNY'],
  pricesIncludeTax: true,
  notifyEmail: 'orders@partner.example.com',
  orderSenders: ['buyer@partner.example.com'],
  toleranceMinor: 0,
  suspectedDuplicates: 'WARN',
  paymentDueMinutes: 1440,
  autoCompleteDays: 7,
  clarificationHours: 48,
  roles: [],
};

const mailId = 'k5p2v0c1rd7h3n8s4t6u9w0x2y4z6a8b0c2d4e6f';

const aRefusedMail = (): InboundMailModel => ({
  kind: 'inbound-mail',
  company: aCompany,
  partner,
  mail: {
    mailId,
    objectKey: `mail/${mailId}`,
    versionId: 'v1',
    sizeBytes: 2048,
    sender: 'buyer@partner.example.com',
    subject: '十月订单 Order',
    messageId: '<order-77@partner.example.com>',
    partnerId: 'acme-east',
    status: 'REFUSED',
    refusal: 'SPREADSHEET_MISSING',
    files: [],
    ignored: [],
    receivedAt: foundAt,
  },
});

const anUpload = (): UploadModel => ({
  kind: 'upload',
  company: aCompany,
  partner,
  upload: {
    uploadId,
    partnerId: 'acme-east',
    objectKey: 'inbox/acme-east/订单.xlsx',
    fileName: '十月订单.xlsx',
    mode: 'REJECT_FAILED_ORDERS',
    language: 'zh-CN',
    status: 'COMPLETED_WITH_ERRORS',
    counts: {
      rows: 1200,
      orders: 300,
      created: 296,
      onHold: 1,
      rejected: 3,
      duplicate: 0,
      example: 1,
      valid: 0,
    },
    fileFindings: [{ severity: 'WARNING', code: 'UNKNOWN_COLUMN', column: '业务员', value: '业务员' }],
    createdAt: foundAt,
    updatedAt: foundAt,
  },
  findings: [
    {
      row: 12,
      orderReference: 'PO-77',
      severity: 'ERROR',
      code: 'QUANTITY_NOT_POSITIVE',
      cell: 'H12',
      column: '数量',
      value: '-2',
    },
    {
      row: 14,
      orderReference: 'PO-78',
      severity: 'ERROR',
      code: 'POSTCODE_FORMAT',
      cell: 'N14',
      column: '邮编',
      value: '2012',
      suggestion: '201200',
    },
  ],
  findingsInAll: 2,
  links: {
    xlsx: 'https://documents.example.com/results/acme-east/upl.xlsx?X-Amz-Signature=0&X-Amz-Expires=1',
    json: 'https://documents.example.com/results/acme-east/upl.json?X-Amz-Signature=0',
    expiresAt: new Date('2025-10-14T08:00:00.000Z'),
  },
});

const data: Partial<Record<MailTemplate, Record<string, string>>> = {
  'payment-received': { paymentId: 'PAY-1' },
  'payment-mismatch': { paymentId: 'PAY-1' },
  'slip-mismatch': { slipId: 'SLIP-7' },
  shipped: { shipmentId: 'SHIP-1' },
  'delivery-exception': { shipmentId: 'SHIP-1', eventId: 'E2' },
  'order-cancelled': { reason: 'REQUESTED' },
  'stuck-order': { state: 'Await Shipment', reason: 'States.Timeout' },
  'contact-bounced': { to: 'CUSTOMER', reason: 'BOUNCED', template: 'clarification', sentTo: 'PARTNER' },
};

const departments: Partial<Record<MailTemplate, string>> = {
  'warehouse-pick': aCompany.warehouseEmail,
  'slip-mismatch': aCompany.warehouseEmail,
  'stuck-order': aCompany.deskEmail,
  'contact-bounced': aCompany.deskEmail,
  'upload-result': 'orders@partner.example.com',
  'mail-refused': 'buyer@partner.example.com',
};

/** The number that a mail of the template is about. */
const numberOf = (template: MailTemplate): string => {
  if (template === 'upload-result') return uploadId;
  return template === 'mail-refused' ? mailId : orderNumber;
};

export const anIntent = (
  template: MailTemplate,
  language: Language,
  more: Partial<MailIntent> = {},
): MailIntent => ({
  subject: numberOf(template),
  template,
  event: 'EVENT-000003',
  recipient: departments[template] ?? 'wang@example.com',
  language,
  data: data[template] ?? {},
  state: 'SENDING',
  createdAt: foundAt,
  ...more,
});

export const aRecord = (template: OrderTemplate, language: Language): OrderRecord => {
  const input = inputs[template];
  return anOrder({ ...input, content: { ...input.content, language } });
};

export const aModel = (template: MailTemplate, language: Language): MailModel => {
  if (template === 'upload-result') return anUpload();
  if (template === 'mail-refused') return aRefusedMail();
  return { kind: 'order', record: aRecord(template, language), company: aCompany };
};

/** Every template in every language, with the order, upload or mail that it is about. */
export const mailCases = mailTemplates.flatMap((template) =>
  (['zh-CN', 'en'] as const).map((language) => ({
    template,
    language,
    number: numberOf(template),
  })),
);
