import { InvalidFile } from '../invalid-file.ts';

/** The column of a cell reference such as AB12, counted from 0. Throws InvalidFile when it is none. */
export const columnOf = (reference: string): number => {
  if (!/^[A-Z]{1,3}\d{1,7}$/.test(reference))
    throw new InvalidFile('DAMAGED', { technical: reference.slice(0, 20) });
  let column = 0;
  for (let at = 0; reference.charCodeAt(at) > 64; at += 1)
    column = column * 26 + reference.charCodeAt(at) - 64;
  return column - 1;
};
