import type { OrderContent, OrderRecord } from '../../domain/orders/order.ts';
import { priceOrder } from '../../domain/pricing/price-order.ts';
import type { SubmittedLine } from '../../domain/submissions/order-schema.ts';
import type { Language } from '../../domain/values/languages.ts';
import type { MailCompany } from '../../functions/mail/mail-model.ts';

export const orderNumber = 'SO-20251014-000123-4';

export const aCompany: MailCompany = {
  name: '示例入单贸易有限公司',
  taxId: '91310000EXAMPLE001',
  timeZone: 'Asia/Shanghai',
  deskEmail: 'desk@example.com',
  warehouseEmail: 'warehouse@example.com',
  financeEmail: 'finance@example.com',
  staffLanguage: 'zh-CN',
  bankAccount: '示例银行上海分行\n6222 0000 0000 0000',
};

type LineInput = Partial<SubmittedLine> & Pick<SubmittedLine, 'name' | 'quantity' | 'unitPrice'>;

const cups: LineInput = {
  sku: 'CUP-350-BL',
  name: '保温杯',
  specification: '350ml 蓝色',
  quantity: 24,
  unitPrice: '39.90',
  discount: { type: 'PERCENT', value: '5' },
};

export type OrderInput = {
  lines?: LineInput[];
  content?: Partial<OrderContent>;
  state?: Partial<OrderRecord['state']>;
  record?: Partial<Omit<OrderRecord, 'state' | 'content'>>;
};

/** A priced order on file: one line of cups for 909.72 CNY unless said otherwise. */
export const anOrder = ({
  lines = [cups],
  content = {},
  state = {},
  record = {},
}: OrderInput = {}): OrderRecord => {
  const currency = content.currency ?? 'CNY';
  const pricesIncludeTax = content.pricesIncludeTax ?? true;
  const allowanceCharges = content.allowanceCharges ?? [];
  const complete = lines.map((line, index) => ({
    lineId: String(index + 1),
    unitCode: 'C62' as const,
    ...line,
    taxRate: line.taxRate ?? '0.13',
  }));
  const { lines: amounts, ...totals } = priceOrder({
    currency,
    pricesIncludeTax,
    lines: complete,
    allowanceCharges,
  });
  const language: Language = content.language ?? 'zh-CN';
  return {
    state: {
      orderNumber,
      partnerId: 'acme-east',
      customerOrderReference: 'PO-2025-1014-001',
      status: 'RECEIVED',
      contactBounced: false,
      pickRequested: false,
      statusSince: '2025-10-14T02:00:00.000Z',
      version: 1,
      eventCount: 1,
      createdAt: '2025-10-14T02:00:00.000Z',
      updatedAt: '2025-10-14T02:00:00.000Z',
      language,
      currency,
      payableAmount: totals.payableAmount,
      paymentMethod: 'BANK_TRANSFER',
      customerTier: 'STANDARD',
      orderType: 'STANDARD',
      sourceChannel: 'API',
      tags: [],
      test: false,
      openFindings: 0,
      rejected: false,
      reserved: false,
      receivedAmount: 0,
      writtenOffAmount: 0,
      refundDue: false,
      shipped: {},
      parcels: { sent: 0, delivered: 0 },
      ...state,
    },
    content: {
      customerOrderReference: 'PO-2025-1014-001',
      issueDate: '2025-10-14T10:00:00+08:00',
      orderType: 'STANDARD',
      sourceChannel: 'API',
      buyer: {
        name: '上海示例贸易有限公司',
        contact: { name: '王敏', telephone: '+8613800138000', email: 'wang@example.com' },
      },
      delivery: {
        address: {
          line1: '张江路 100 号 3 幢',
          district: '浦东新区',
          city: '上海市',
          region: 'CN-SH',
          postalCode: '201203',
          countryCode: 'CN',
        },
        requestedDate: '2025-10-20',
        partialDeliveryAllowed: true,
      },
      payment: { method: 'BANK_TRANSFER' },
      substitutionPolicy: 'ASK',
      shortagePolicy: 'ASK',
      promotionCodes: [],
      qualifications: [],
      attachments: [],
      test: false,
      source: { kind: 'API' },
      customerEmail: 'wang@example.com',
      partnerEmail: 'orders@partner.example.com',
      terms: { toleranceMinor: 0, paymentDueMinutes: 1440, autoCompleteDays: 7, clarificationHours: 48 },
      ...content,
      currency,
      pricesIncludeTax,
      allowanceCharges,
      language,
      lines: complete.map((line, index) => ({ ...line, lineAmountMinor: amounts[index] ?? 0 })),
      amounts: totals,
    },
    findings: [],
    payments: [],
    slips: [],
    shipments: [],
    events: [],
    mails: [],
    ...record,
  };
};
