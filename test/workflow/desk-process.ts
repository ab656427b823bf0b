import { openDesk } from '../../demo/desk.ts';
import { requestSchema } from './kill-plan.ts';
import { createKillingPort } from './killing-port.ts';

/**
 * The whole desk in a process of its own, over the state folder it is given; one line of JSON says where it answers.
 * Requests come as messages, also before it answers.
 */
const [, , stateDir = '', reportFile = ''] = process.argv;
const { port, arm, takeMoments } = createKillingPort(stateDir, reportFile);
process.on('message', (message) => {
  const request = requestSchema.parse(message);
  if (request.ask === 'arm') arm(request.plan);
  process.send?.(request.ask === 'moments' ? takeMoments() : []);
});

const desk = await openDesk({
  stateDir,
  port: 0,
  fresh: false,
  samples: true,
  cloud: { calls: port },
  progress: (line) => console.error(line),
});
const end = () =>
  desk.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
process.once('SIGTERM', end);
process.once('disconnect', end);
console.log(JSON.stringify(desk.endpoints));
