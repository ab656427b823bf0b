const maxCharacters = 120;

/** What cannot stand in a file name anywhere, and what makes a text read as another one. */
const unsafe = /[\p{Cc}\p{Cs}/\\:*?"<>|$\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

const partsOf = (name: string): { stem: string; extension: string } => {
  const [, stem = name, extension = ''] = /^(.*?)(\.[A-Za-z0-9]{1,5})?$/s.exec(name) ?? [];
  return { stem, extension };
};

const shortened = (name: string): string => {
  const { stem, extension } = partsOf(name);
  return `${[...stem].slice(0, maxCharacters - extension.length).join('')}${extension}`;
};

/**
 * A sender's file name as one that can stand in a key and on a disk; `otherwise` when nothing of it can. One of those `taken`
 * (in small letters) gets a number.
 */
export const safeFileName = (
  given: string,
  { otherwise, taken = new Set() }: { otherwise: string; taken?: ReadonlySet<string> },
): string => {
  const lastPart = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = lastPart
    .replace(unsafe, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const name = shortened(clean === '' ? otherwise.replace(unsafe, '_') : clean);
  const { stem, extension } = partsOf(name);
  let free = name;
  for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${stem} (${count})${extension}`;
  return free;
};
