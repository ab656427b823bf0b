import type { CarrierEvent } from '../../../domain/fulfilment/shipment.ts';
import type { ContactRole } from '../../../domain/orders/contact-bounced.ts';
import type { PaymentMethod } from '../../../domain/submissions/order-schema.ts';
import type { Language, Text } from '../../../domain/values/languages.ts';

const methods: Readonly<Record<PaymentMethod, Text>> = {
  BANK_TRANSFER: { 'zh-CN': '银行转账', en: 'Bank transfer' },
  CARD: { 'zh-CN': '银行卡', en: 'Card' },
  ALIPAY: { 'zh-CN': '支付宝', en: 'Alipay' },
  WECHAT_PAY: { 'zh-CN': '微信支付', en: 'WeChat Pay' },
  CASH_ON_DELIVERY: { 'zh-CN': '货到付款', en: 'Cash on delivery' },
  ON_ACCOUNT: { 'zh-CN': '月结', en: 'On account' },
};

export const showMethod = (method: PaymentMethod, language: Language): string => methods[method][language];

const carrierEvents: Readonly<Record<CarrierEvent['type'], Text>> = {
  IN_TRANSIT: { 'zh-CN': '运输中', en: 'In transit' },
  OUT_FOR_DELIVERY: { 'zh-CN': '派送中', en: 'Out for delivery' },
  DELIVERED: { 'zh-CN': '已送达', en: 'Delivered' },
  LOST: { 'zh-CN': '包裹丢失', en: 'Lost' },
  REFUSED: { 'zh-CN': '收件人拒收', en: 'Refused by the recipient' },
  RETURNED: { 'zh-CN': '包裹已退回', en: 'Returned to us' },
  DAMAGED: { 'zh-CN': '包裹破损', en: 'Damaged' },
};

export const showCarrierEvent = (type: CarrierEvent['type'], language: Language): string =>
  carrierEvents[type][language];

const cancellations: Readonly<Record<string, Text>> = {
  REQUESTED: { 'zh-CN': '应客户要求取消', en: 'Cancelled at the customer’s request' },
  PAYMENT_EXPIRED: { 'zh-CN': '未在期限内收到付款', en: 'Payment did not arrive in time' },
  CLARIFICATION_TIMEOUT: { 'zh-CN': '未在期限内收到答复', en: 'No answer to our questions arrived in time' },
};

/** Why an order was cancelled; a partner's own reason code is shown as it is. */
export const showCancellation = (reasonCode: string, language: Language): string =>
  (Object.hasOwn(cancellations, reasonCode) ? cancellations[reasonCode]?.[language] : undefined) ??
  reasonCode;

const contacts: Readonly<Record<ContactRole, Text>> = {
  CUSTOMER: { 'zh-CN': '客户', en: 'the customer' },
  PARTNER: { 'zh-CN': '合作方', en: 'the partner' },
  INVOICE: { 'zh-CN': '发票接收人', en: 'the recipient of the invoice' },
  WAREHOUSE: { 'zh-CN': '仓储部门', en: 'our warehouse' },
  FINANCE: { 'zh-CN': '财务部门', en: 'our finance department' },
  DESK: { 'zh-CN': '订单服务台', en: 'the order desk' },
};

export const showContact = (role: ContactRole, language: Language): string => contacts[role][language];
