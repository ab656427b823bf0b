import { openDesk } from '../../demo/desk.ts';

/** The whole desk in a process of its own, over the state folder it is given; one line of JSON says where it answers. */
const [, , stateDir = ''] = process.argv;
const desk = await openDesk({
  stateDir,
  port: 0,
  fresh: false,
  samples: true,
  progress: (line) => console.error(line),
});
process.once('SIGTERM', () => {
  desk.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
console.log(JSON.stringify(desk.endpoints));
