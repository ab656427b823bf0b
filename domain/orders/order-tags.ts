import * as z from 'zod';

const maxTags = 10;

/** A mark that staff put on orders to find them by: letters and digits of any script, in small letters. */
export const orderTagSchema = z
  .string()
  .transform((text) => text.normalize('NFKC').trim().toLowerCase())
  .pipe(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,31}$/u));

/** An order's tags: each once, in order. */
export const orderTagsSchema = z
  .array(orderTagSchema)
  .max(maxTags, { error: 'TOO_MANY' })
  .transform((tags) => [...new Set(tags)].sort());
