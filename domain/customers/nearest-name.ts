import leven from 'leven';

/** The known name closest to a misspelt one, when it is close enough to be meant; case and separators do not count. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  const fold = (text: string) => text.toLowerCase().replaceAll(/[_\s-]/g, '');
  const folded = fold(name);
  const [best] = known
    .map((candidate) => ({ candidate, distance: leven(folded, fold(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const most = Math.min(folded.length - 1, Math.max(2, Math.floor(name.length / 3)));
  return best && best.distance <= most ? best.candidate : undefined;
};
