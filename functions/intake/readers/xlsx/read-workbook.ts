import { posix } from 'node:path';
import { resultSheetNames } from '../../result/result-headers.ts';
import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import type { Package } from './open-zip.ts';
import { type Attributes, parseWhole } from './parse-xml.ts';

type Relationship = { type: string; target: string };

export type Workbook = {
  sheetName: string;
  sheetPart: string;
  /** The name of the sheet to read when it is hidden. */
  hiddenSheet?: string;
  /** The other visible sheets that are the sender's. */
  otherSheets: { name: string; part: string }[];
  stringsPart: string;
  stylesPart: string;
  date1904: boolean;
};

/** A target is relative to the folder of its source part, or absolute in the package. */
const resolve = (folder: string, target: string): string =>
  target.startsWith('/') ? target.slice(1) : posix.join(folder, target);

const relationshipsOf = async (
  zip: Package,
  folder: string,
  name: string,
): Promise<Map<string, Relationship>> => {
  const relationships = new Map<string, Relationship>();
  const part = zip.read(`${folder}_rels/${name}.rels`);
  if (!part) return relationships;
  await parseWhole(part, {
    open: (tag, { Id = '', Type = '', Target = '', TargetMode }) => {
      if (tag !== 'Relationship' || TargetMode === 'External') return;
      relationships.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target: resolve(folder, Target) });
      if (relationships.size > limits.zipEntries)
        throw new InvalidFile('DAMAGED', { technical: 'relationships' });
    },
  });
  return relationships;
};

const targetOf = (relationships: ReadonlyMap<string, Relationship>, type: string): string | undefined =>
  [...relationships.values()].find((relationship) => relationship.type === type)?.target;

type Sheet = { name: string; isVisible: boolean; part: string };

/** The attribute whose local name is `id`: `r:id` whatever the prefix. */
const relationshipId = (attributes: Attributes): string =>
  Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';

const isOrderSheet = ({ name }: Sheet): boolean =>
  ['orders', '订单'].includes(name.normalize('NFKC').trim().toLowerCase());

/** Sheets that an earlier result added to the sender's file. */
const isResultSheet = ({ name }: Sheet): boolean => resultSheetNames.some((known) => known === name);

/** Finds the sheet to read: the one named Orders or 订单, else the first visible one, of the sender's if there is one. */
export const readWorkbook = async (zip: Package): Promise<Workbook> => {
  const workbookPart = targetOf(await relationshipsOf(zip, '', ''), 'officeDocument') ?? 'xl/workbook.xml';
  const part = zip.read(workbookPart);
  if (!part) throw new InvalidFile('NOT_A_SPREADSHEET', { value: 'zip' });
  const slash = workbookPart.lastIndexOf('/') + 1;
  const folder = workbookPart.slice(0, slash);
  const relationships = await relationshipsOf(zip, folder, workbookPart.slice(slash));
  const sheets: Sheet[] = [];
  let date1904 = false;
  await parseWhole(part, {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') date1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (tag !== 'sheet') return;
      const relationship = relationships.get(relationshipId(attributes));
      if (relationship?.type === 'worksheet')
        sheets.push({
          name: attributes.name ?? '',
          isVisible: (attributes.state ?? 'visible') === 'visible',
          part: relationship.target,
        });
      if (sheets.length > limits.sheets) throw new InvalidFile('DAMAGED', { technical: 'sheets' });
    },
  });
  const sheet =
    sheets.find((candidate) => isOrderSheet(candidate) && candidate.isVisible) ??
    sheets.find(isOrderSheet) ??
    sheets.find((candidate) => candidate.isVisible && !isResultSheet(candidate)) ??
    sheets.find(({ isVisible }) => isVisible);
  if (!sheet) throw new InvalidFile('NO_SHEET');
  return {
    sheetName: sheet.name,
    sheetPart: sheet.part,
    ...(!sheet.isVisible && { hiddenSheet: sheet.name }),
    otherSheets: sheets.filter((other) => other !== sheet && other.isVisible && !isResultSheet(other)),
    stringsPart: targetOf(relationships, 'sharedStrings') ?? `${folder}sharedStrings.xml`,
    stylesPart: targetOf(relationships, 'styles') ?? `${folder}styles.xml`,
    date1904,
  };
};
