import type { Company } from '../../domain/findings/decision.ts';
import { companyEnv } from './env.ts';

/** The company as its environment describes it. */
export const company = (): Company => {
  const values = companyEnv();
  return {
    name: values.COMPANY_NAME,
    taxId: values.COMPANY_TAX_ID,
    timeZone: values.COMPANY_TIME_ZONE,
    deskEmail: values.DESK_EMAIL,
    warehouseEmail: values.WAREHOUSE_EMAIL,
    financeEmail: values.FINANCE_EMAIL,
    staffLanguage: values.STAFF_LANGUAGE,
  };
};
