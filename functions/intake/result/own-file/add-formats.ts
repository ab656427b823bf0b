import type { Severity } from './mark-worksheet.ts';
import { localName, prefixOf, rewriteWhole } from './rewrite-xml.ts';

const colours: Readonly<Record<Severity, string>> = {
  ERROR: 'FFF8CBAD',
  HOLD: 'FFFFD966',
  WARNING: 'FFFFF2CC',
};
const severities = ['ERROR', 'HOLD', 'WARNING'] as const;
/** Elements that follow the differential formats in a style sheet. */
const behindFormats = ['tableStyles', 'colors', 'extLst'];

export type AddedFormats = {
  styles: Buffer;
  colours: Readonly<Record<Severity, number>>;
  /** The format of the header rows of our own sheets. */
  header: number;
};

const fill = (prefix: string, colour: string): string =>
  `<${prefix}fill><${prefix}patternFill patternType="solid"><${prefix}fgColor rgb="${colour}"/><${prefix}bgColor rgb="${colour}"/></${prefix}patternFill></${prefix}fill>`;

const formats = (prefix: string): string[] => [
  ...severities.map((severity) => `<${prefix}dxf>${fill(prefix, colours[severity])}</${prefix}dxf>`),
  `<${prefix}dxf><${prefix}font><${prefix}b/></${prefix}font>${fill(prefix, 'FFD9E1F2')}</${prefix}dxf>`,
];

/** Appends the differential formats of colours and headers to a style sheet. Formats of the sender stay as they are. */
export const addFormats = async (styles: Buffer): Promise<AddedFormats> => {
  let known = 0;
  let hasFormats = false;
  await rewriteWhole(styles, {
    open: ({ name }, depth) => {
      if (localName(name) === 'dxfs' && depth === 2) hasFormats = true;
      if (localName(name) === 'dxf' && depth === 3) known += 1;
      return undefined;
    },
  });
  let isWritten = hasFormats;
  const all = (prefix: string): string => {
    if (isWritten) return '';
    isWritten = true;
    const added = formats(prefix);
    return `<${prefix}dxfs count="${added.length}">${added.join('')}</${prefix}dxfs>`;
  };
  const written = await rewriteWhole(styles, {
    open: ({ name, attributes }, depth) => {
      if (depth !== 2) return undefined;
      if (localName(name) === 'dxfs') attributes.count = String(known + severities.length + 1);
      return behindFormats.includes(localName(name)) ? { before: all(prefixOf(name)) } : undefined;
    },
    close: (name, depth) => {
      if (depth === 2 && localName(name) === 'dxfs') return formats(prefixOf(name)).join('');
      return depth === 1 ? all(prefixOf(name)) : undefined;
    },
  });
  return {
    styles: written,
    colours: { ERROR: known, HOLD: known + 1, WARNING: known + 2 },
    header: known + severities.length,
  };
};
