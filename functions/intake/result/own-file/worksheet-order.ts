/** The children of a worksheet in the order that the schema wants them (ECMA-376 part 1, 18.3.1.99). */
const children = [
  'sheetPr',
  'dimension',
  'sheetViews',
  'sheetFormatPr',
  'cols',
  'sheetData',
  'sheetCalcPr',
  'sheetProtection',
  'protectedRanges',
  'scenarios',
  'autoFilter',
  'sortState',
  'dataConsolidate',
  'customSheetViews',
  'mergeCells',
  'phoneticPr',
  'conditionalFormatting',
  'dataValidations',
  'hyperlinks',
  'printOptions',
  'pageMargins',
  'pageSetup',
  'headerFooter',
  'rowBreaks',
  'colBreaks',
  'customProperties',
  'cellWatches',
  'ignoredErrors',
  'smartTags',
  'drawing',
  'legacyDrawing',
  'legacyDrawingHF',
  'drawingHF',
  'picture',
  'oleObjects',
  'controls',
  'webPublishItems',
  'tableParts',
  'extLst',
];

/**
 * True when `child` stands behind `other` in a worksheet. A child that is not in the schema, such as an mc:AlternateContent,
 * wraps one of the last ones.
 */
export const standsBehind = (child: string, other: string): boolean =>
  !children.includes(child) || children.indexOf(child) > children.indexOf(other);
