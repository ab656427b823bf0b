import type { RecordedSites } from './cases.ts';
import type { StoryName } from './plays.ts';
import type { Runner } from './run-case.ts';

/**
 * Plays stories without a fault and lists where they call a service: of the first ones every site, of those that vary
 * them what is theirs alone.
 */
export const recordSites = async (
  { playClean }: Runner,
  stories: readonly StoryName[],
  variations: readonly StoryName[],
): Promise<RecordedSites[]> => {
  const recorded: RecordedSites[] = [];
  for (const story of stories) recorded.push({ story, sites: await playClean(story) });
  for (const story of variations) {
    const known = new Set(recorded.flatMap(({ sites }) => sites.map(({ site }) => site)));
    recorded.push({ story, sites: (await playClean(story)).filter(({ site }) => !known.has(site)) });
  }
  return recorded;
};
