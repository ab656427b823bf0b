import { waitStep } from '../shared/wait-step.ts';

/** Waits until the last parcel left; each parcel's mail goes out as the parcel is recorded. */
export const handler = waitStep('SHIPMENT');
