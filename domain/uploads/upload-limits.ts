/** How many rows a file of orders may have unless the desk is configured for more. */
export const defaultUploadRows = 10_000;
/** The most that may be configured: what the upload machine carries, docs/decisions/0009. */
export const mostUploadRows = 100_000;

const mebibyte = 1024 * 1024;

/** How large a file of so many rows may be, in bytes: half a kilobyte a row, and never less than 10 MB. */
export const uploadBytes = (rows: number): number => Math.max(10, Math.ceil(rows / 2000)) * mebibyte;
