import type { SourceChannel } from '../submissions/order-schema.ts';

const fileChannels: Readonly<Record<string, SourceChannel>> = {
  mail: 'EMAIL',
  pos: 'POS',
  'sales-form': 'SALES_FORM',
};

/** The way that the orders of a file came, by the folder of its partner that the file lies in: `inbox/<partnerId>/pos/…` is POS. */
export const channelOfFile = (objectKey: string): SourceChannel => {
  const [, folder = ''] = /^inbox\/[^/]+\/([^/]+)\//.exec(objectKey) ?? [];
  return (Object.hasOwn(fileChannels, folder) && fileChannels[folder]) || 'SPREADSHEET';
};

const postedChannels: readonly SourceChannel[] = ['API', 'ECOMMERCE', 'SALES_FORM', 'POS'];

/** The way that a posted order came, as far as a post can say: mails and files are known by where they lie. */
export const channelOfPost = (claimed: SourceChannel | undefined): SourceChannel =>
  claimed && postedChannels.includes(claimed) ? claimed : 'API';
