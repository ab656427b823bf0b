import { InvalidFile } from '../invalid-file.ts';

/** The column of a cell reference such as AB12, counted from 0. Throws InvalidFile when it is none. */
export const columnOf = (reference: string): number => {
  const letters = /^([A-Z]{1,3})\d{1,7}$/.exec(reference)?.[1];
  if (!letters) throw new InvalidFile('DAMAGED', { technical: reference.slice(0, 20) });
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
};
