import { smallFile } from './file-story.ts';
import { heldOrder, orderOnAccount, type Play, prepaidOrder } from './stories.ts';

/** What is played on a desk, by name. */
export const plays = {
  prepaid: prepaidOrder,
  file: smallFile,
  'on account': orderOnAccount,
  held: heldOrder,
} satisfies Record<string, Play>;

export type StoryName = keyof typeof plays;
