import { runAdmin } from './run.ts';
import { localTarget, stackTarget } from './targets.ts';

process.exitCode = await runAdmin(process.argv.slice(2), {
  connect: ({ stack, region, stateDir }) => (stack ? stackTarget(stack, region) : localTarget(stateDir)),
  write: (text) => console.log(text),
  writeError: (text) => console.error(text),
});
