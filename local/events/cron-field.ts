/** Whether a value of one cron field is named by it. */
export type FieldTest = (value: number) => boolean;

export type FieldRange = { lowest: number; highest: number; names?: readonly string[] };

const toNumber = (text: string, { lowest, highest, names = [] }: FieldRange): number => {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + lowest : Number(text);
  if (text !== '' && Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw new Error(`'${text}' is not between ${lowest} and ${highest}`);
};

const compilePart = (part: string, range: FieldRange): FieldTest => {
  const [span = '', stepText] = part.split('/');
  const [from = '', to] = span.split('-');
  const step = stepText === undefined ? 1 : Number(stepText);
  if (!Number.isInteger(step) || step < 1) throw new Error(`'${part}' has no step`);
  const isAny = span === '*' || span === '?';
  const first = isAny ? range.lowest : toNumber(from, range);
  const last = to === undefined ? (isAny || stepText ? range.highest : first) : toNumber(to, range);
  return (value) => value >= first && value <= last && (value - first) % step === 0;
};

/** Reads lists, ranges, steps and names, as 1-5, MON-FRI, 0/15, *. Throws on what is none of these. */
export const compileField = (text: string, range: FieldRange): FieldTest => {
  const tests = text.split(',').map((part) => compilePart(part, range));
  return (value) => tests.some((test) => test(value));
};
