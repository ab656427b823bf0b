import type { Finding } from '../findings/finding.ts';
import { checkAddress } from './check-address.ts';
import { checkAllowances } from './check-allowances.ts';
import { checkArea } from './check-area.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { checkContact } from './check-contact.ts';
import { checkCredit } from './check-credit.ts';
import { checkCustomer } from './check-customer.ts';
import { checkDuplicate } from './check-duplicate.ts';
import { checkItemName } from './check-item-name.ts';
import { checkLimits } from './check-limits.ts';
import { checkLineDiscount } from './check-line-discount.ts';
import { checkMinimum, checkPaymentMethod } from './check-order-type.ts';
import { checkPrice } from './check-price.ts';
import { checkPromotions } from './check-promotions.ts';
import { checkQualifications } from './check-qualifications.ts';
import { checkSpecification } from './check-specification.ts';
import { checkStock } from './check-stock.ts';
import { checkTaxRate } from './check-tax-rate.ts';
import type { AuditContext, Check } from './context.ts';

const checks: readonly Check[] = [
  checkCustomer,
  checkMinimum,
  checkPaymentMethod,
  checkContact,
  checkAddress,
  checkArea,
  checkCatalogue,
  checkItemName,
  checkSpecification,
  checkPrice,
  checkTaxRate,
  checkLineDiscount,
  checkAllowances,
  checkPromotions,
  checkLimits,
  checkQualifications,
  checkStock,
  checkCredit,
  checkDuplicate,
];

/** Of so many findings the evidence is kept: all findings of an order are one row of a table, which holds 400 kB. */
const mostWithEvidence = 100;

const withoutEvidence = ({ evidence: _dropped, ...finding }: Finding): Finding => finding;

/** Every check of the clerk's audit, all findings at once. None with severity HOLD or ERROR means the order may go on. */
export const auditOrder = (context: AuditContext): Finding[] =>
  checks
    .flatMap((check) => check(context))
    .map((finding, index) => (index < mostWithEvidence ? finding : withoutEvidence(finding)));

export const isBlocking = ({ severity }: Pick<Finding, 'severity'>): boolean => severity !== 'WARNING';
