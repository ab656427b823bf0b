export const xlsxMediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const csvMediaType = 'text/csv; charset=utf-8';

/** Of files that hold a table. */
export const tableMediaTypes = ['text/csv', xlsxMediaType] as const;
