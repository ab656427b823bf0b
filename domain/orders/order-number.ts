const pattern = /^SO-(\d{8})-(\d{6,})-([0-6])$/;

/** The number modulo 7, as on air waybills: catches mistyped and swapped digits in day and sequence alike. */
const checkDigit = (digits: string): number => Number(BigInt(digits) % 7n);

/**
 * `SO-YYYYMMDD-NNNNNN-C`: company-zone day, the day's sequence (six digits, more when a day needs them), check digit.
 * @param day `YYYY-MM-DD`
 */
export const formatOrderNumber = (day: string, sequence: number): string => {
  const compactDay = day.replaceAll('-', '');
  const padded = String(sequence).padStart(6, '0');
  return `SO-${compactDay}-${padded}-${checkDigit(compactDay + padded)}`;
};

/** True for a well-formed order number whose check digit agrees. */
export const isOrderNumber = (text: string): boolean => {
  const [, day = '', sequence = '', check] = pattern.exec(text) ?? [];
  return check !== undefined && checkDigit(day + sequence) === Number(check);
};

/** What every order number of a day begins with: no number of that day sorts before it. */
export const dayPrefix = (day: string): string => `SO-${day.replaceAll('-', '')}`;

/** The company-zone day on which an order came in, `YYYY-MM-DD`. */
export const dayOfOrder = (orderNumber: string): string =>
  orderNumber.replace(/^SO-(\d{4})(\d{2})(\d{2})-.*$/, '$1-$2-$3');

/** The number of an order's invoice: `INV-YYYYMMDD-NNNNNN`, day and sequence of the order. An order has one invoice. */
export const invoiceNumberOf = (orderNumber: string): string => orderNumber.replace(/^SO-(.+)-\d$/, 'INV-$1');
