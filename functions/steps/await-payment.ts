import { waitStep } from '../shared/wait-step.ts';

/** Waits for the money: instructions went out with the reservation, the due time is the state's timeout. */
export const handler = waitStep('PAYMENT');
