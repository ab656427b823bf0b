import * as z from 'zod';

/**
 * Where a stored field comes from. CELL: a cell of a spreadsheet, by the version of its file (`sheet` where the file has
 * sheets). JSON: a value of a posted body, as archived. MAIL: the attachment of a mail. DERIVED: a rule, and the fields it reads.
 * EDIT: an event of the order, which says who changed the field, when and why.
 */
const locatorSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('CELL'),
    objectKey: z.string(),
    versionId: z.string(),
    sheet: z.string().optional(),
    cell: z.string(),
  }),
  z.object({ kind: z.literal('JSON'), objectKey: z.string(), pointer: z.string() }),
  z.object({
    kind: z.literal('MAIL'),
    objectKey: z.string(),
    versionId: z.string().optional(),
    part: z.string(),
  }),
  z.object({ kind: z.literal('DERIVED'), rule: z.string(), from: z.array(z.string()) }),
  z.object({ kind: z.literal('EDIT'), event: z.int() }),
]);
export type Locator = z.infer<typeof locatorSchema>;

export const mailLocatorSchema = locatorSchema.options[2];

/**
 * A field of the stored order, by its pointer in OrderContent; the text it was made of, as it stands in the original (a JSON
 * token with its quotes, a cell as stored); and where. A field made of several cells has one for each.
 */
export const fieldOriginSchema = z.object({ field: z.string(), raw: z.string(), locator: locatorSchema });
export type FieldOrigin = z.infer<typeof fieldOriginSchema>;

/** A locator in one line. */
export const locatorText = (locator: Locator): string => {
  switch (locator.kind) {
    case 'CELL':
      return `${locator.objectKey}?versionId=${locator.versionId} ${locator.sheet === undefined ? '' : `${locator.sheet}!`}${locator.cell}`;
    case 'JSON':
      return `${locator.objectKey} ${locator.pointer}`;
    case 'MAIL':
      return `${locator.objectKey} ${locator.part}`;
    case 'EDIT':
      return `event ${locator.event}`;
    case 'DERIVED':
      return [`rule ${locator.rule}`, ...locator.from].join(' ');
    default:
      return locator satisfies never;
  }
};
