import { parseWhole } from '../../readers/xlsx/parse-xml.ts';

/** Always true, and in nobody else's file: by it the colours of an earlier result are known when the file comes again. */
export const colourFormula = 'LEN("Rudan")=5';

/** What has to be known of a sheet before it can be written again. */
export type SheetFacts = {
  /** The highest priority of its conditional formats. */
  lastPriority: number;
  /** Which of its conditional formats, counted from 0, are an earlier result's. */
  ownRules: ReadonlySet<number>;
  hasWidths: boolean;
  /** The last column, counted from 0, with a width of its own; -1 when there is none. */
  lastWidth: number;
  /** The relationship to the drawing of its notes. */
  notesDrawingId: string | undefined;
};

/** Reads a sheet once for its facts. */
export const readSheetFacts = async (part: AsyncIterable<Buffer>): Promise<SheetFacts> => {
  let lastPriority = 0;
  let lastWidth = -1;
  let hasWidths = false;
  let notesDrawingId: string | undefined;
  let rules = -1;
  let formula: string | undefined;
  const ownRules = new Set<number>();
  await parseWhole(part, {
    open: (name, attributes) => {
      if (name === 'conditionalFormatting') rules += 1;
      else if (name === 'cfRule') lastPriority = Math.max(lastPriority, Number(attributes.priority ?? 0));
      else if (name === 'formula') formula = '';
      else if (name === 'cols') hasWidths = true;
      else if (name === 'col') lastWidth = Math.max(lastWidth, Number(attributes.max ?? 0) - 1);
      else if (name === 'legacyDrawing')
        notesDrawingId = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
    },
    text: (text) => {
      if (formula !== undefined) formula += text;
    },
    close: (name) => {
      if (name !== 'formula') return;
      if (formula?.trim() === colourFormula) ownRules.add(rules);
      formula = undefined;
    },
  });
  return { lastPriority, ownRules, hasWidths, lastWidth, notesDrawingId };
};
