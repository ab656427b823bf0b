import type { Cell } from '../readers/cell.ts';
import type { LocatedFinding } from './locate.ts';

/** A data row of the file; `cells` stand by position in the layout's columns. */
export type DataRow = {
  row: number;
  hidden: boolean;
  reference: string;
  cells: (Cell | undefined)[];
  /** How many fields its record has, in a file of delimited text. */
  fields?: number;
  /** What was found of the row as a whole. */
  findings: LocatedFinding[];
  /** Its fields cannot be told apart, so that none of them can be trusted. */
  isTorn: boolean;
};
