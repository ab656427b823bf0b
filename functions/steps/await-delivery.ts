import { waitStep } from '../shared/wait-step.ts';

/** Waits until every parcel is delivered, or as long as the partner's terms say. */
export const handler = waitStep('DELIVERY');
