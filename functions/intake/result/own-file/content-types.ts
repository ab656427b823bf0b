import { escapeAttribute, localName, prefixOf, rewriteWhole } from './rewrite-xml.ts';

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The media types of the parts that a result may add. */
export const partTypes = {
  worksheet: `${spreadsheet}.worksheet+xml`,
  comments: `${spreadsheet}.comments+xml`,
  styles: `${spreadsheet}.styles+xml`,
} as const;

const drawingType = 'application/vnd.openxmlformats-officedocument.vmlDrawing';

/** Adds parts to `[Content_Types].xml`; parts that are listed already stay as they are. */
export const addContentTypes = async (
  content: Buffer,
  added: ReadonlyMap<string, keyof typeof partTypes>,
): Promise<Buffer> => {
  const known = new Set<string>();
  await rewriteWhole(content, {
    open: ({ attributes: { PartName, Extension } }) => {
      if (PartName) known.add(PartName.toLowerCase());
      if (Extension) known.add(`.${Extension.toLowerCase()}`);
      return undefined;
    },
  });
  const overrides = [...added].filter(([part]) => !known.has(`/${part.toLowerCase()}`));
  return rewriteWhole(content, {
    close: (tag) => {
      if (localName(tag) !== 'Types') return undefined;
      const prefix = prefixOf(tag);
      const drawing = known.has('.vml')
        ? ''
        : `<${prefix}Default Extension="vml" ContentType="${drawingType}"/>`;
      return `${drawing}${overrides
        .map(
          ([part, type]) =>
            `<${prefix}Override PartName="/${escapeAttribute(part)}" ContentType="${partTypes[type]}"/>`,
        )
        .join('')}`;
    },
  });
};
