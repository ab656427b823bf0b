import type { Finding } from '../findings/finding.ts';
import type { PricingContext } from '../pricing/pricing-context.ts';
import { checkAllowances } from './check-allowances.ts';
import { checkLineDiscount } from './check-line-discount.ts';
import { checkPrice } from './check-price.ts';
import { checkPromotions } from './check-promotions.ts';

/** All that is found about prices, discounts and promotions, which hang together (S14). */
export const checkPricing = (context: PricingContext): Finding[] =>
  [checkPrice, checkLineDiscount, checkAllowances, checkPromotions].flatMap((check) => check(context));
