import { chineseRegionFor } from '../../../domain/address/chinese-regions.ts';
import type { Partner } from '../../../domain/partner.ts';
import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import type { FieldValue } from './conversion.ts';
import { splitAddress } from './split-address.ts';

/** Converted values by column; blank columns are absent. */
export type Fields = Readonly<Partial<Record<ColumnName, FieldValue>>>;

const reasons = { 'zh-CN': '运费', en: 'Shipping fee' } as const;

const isZero = (value: FieldValue | undefined): boolean => value !== undefined && Number(value) === 0;

/** A number that could not be read is told once, not again where it would be the default. */
const readable = (telephone: FieldValue | undefined): FieldValue | undefined =>
  String(telephone).startsWith('+') ? telephone : undefined;

/** Region and city as given, or split off a full Chinese address when province, city and district are all blank. */
const addressOf = ({ address, province, city, district, postalCode, country = 'CN' }: Fields) => {
  const rest = { postalCode, countryCode: country };
  const isWhole = province === undefined && city === undefined && district === undefined;
  const parts =
    isWhole && country === 'CN' && typeof address === 'string' ? splitAddress(address) : undefined;
  if (parts) return { ...parts, ...rest };
  const region = country === 'CN' && province !== undefined ? chineseRegionFor(String(province)) : undefined;
  return {
    line1: address,
    district,
    city: city ?? (region?.isMunicipality ? region.full : undefined),
    region: region?.code ?? province,
    ...rest,
  };
};

/** A per cent and an amount for one line are a conflict, which map-order.ts reports; nought is no discount. */
const discountOf = ({ discountPercent, discountAmount }: Fields) => {
  if (discountPercent !== undefined && !isZero(discountPercent))
    return { type: 'PERCENT', value: discountPercent };
  return discountAmount !== undefined && !isZero(discountAmount)
    ? { type: 'AMOUNT', value: discountAmount }
    : undefined;
};

const lineOf = (fields: Fields, index: number) => ({
  lineId: fields.lineNumber ?? String(index + 1),
  sku: fields.sku,
  buyerItemId: fields.buyerItemCode,
  gtin: fields.gtin,
  name: fields.itemName,
  specification: fields.specification,
  quantity: fields.quantity,
  unitCode: fields.unit,
  unitPrice: fields.unitPrice,
  discount: discountOf(fields),
  lineAmount: fields.lineAmount,
  note: fields.remarks,
});

const invoiceRequestOf = ({ invoiceTitle, taxId, invoiceKind }: Fields) =>
  invoiceTitle === undefined && taxId === undefined && invoiceKind === undefined
    ? undefined
    : {
        titleType: taxId !== undefined || invoiceKind === 'SPECIAL' ? 'ORGANIZATION' : 'INDIVIDUAL',
        title: invoiceTitle,
        taxpayerId: taxId,
        kind: invoiceKind,
      };

const promotionCodesOf = ({ promotionCode }: Fields): string[] | undefined =>
  promotionCode === undefined
    ? undefined
    : String(promotionCode)
        .split(/[,;、]\s*/)
        .filter((code) => code !== '');

/** The template has a column for a licence's number only, so its type stays open. */
const licenceType = 'UNSPECIFIED';

/** The order as the contract's JSON has it, from the fields of its columns; blank ones are undefined. */
export const assembleBody = (
  order: Fields,
  lines: readonly Fields[],
  metadata: Readonly<Record<string, string>>,
  { partner, taxIncluded }: { partner: Partner; taxIncluded: boolean | undefined },
) => ({
  customerOrderReference: order.orderReference,
  issueDate: order.orderDate,
  orderType: order.orderType,
  currency: order.currency ?? partner.currencies[0],
  pricesIncludeTax: taxIncluded,
  buyer: {
    customerId: order.customerId,
    name: order.customerName,
    contact: { name: order.contactName, telephone: order.contactPhone, email: order.contactEmail },
  },
  delivery: {
    recipientName: order.recipientName ?? order.contactName,
    telephone: order.recipientPhone ?? readable(order.contactPhone),
    address: addressOf(order),
    requestedDate: order.requestedDate,
    partialDeliveryAllowed: order.partialDelivery,
  },
  payment: { method: order.paymentMethod },
  substitutionPolicy: order.substitution,
  lines: lines.map(lineOf),
  allowanceCharges:
    order.shippingFee === undefined || isZero(order.shippingFee)
      ? undefined
      : [{ isCharge: true, amount: order.shippingFee, reason: reasons[partner.language] }],
  promotionCodes: promotionCodesOf(order),
  totals: order.orderTotal === undefined ? undefined : { payableAmount: order.orderTotal },
  invoiceRequest: invoiceRequestOf(order),
  qualifications:
    order.qualificationNumber === undefined
      ? undefined
      : [{ type: licenceType, number: order.qualificationNumber }],
  metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
});
