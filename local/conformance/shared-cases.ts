import { fileURLToPath } from 'node:url';

/** Where the recorded cases lie beside the project, if they do. */
export const sharedCasesPath = fileURLToPath(
  new URL('../../../shared/data/asl/asl-cases.json', import.meta.url),
);
