import { synthesize } from '../../demo/synthesize.ts';

/** Before the first test file starts a desk, so that several do not write `cdk.out` at the same time. */
export const setup = async (): Promise<void> => {
  await synthesize();
};
