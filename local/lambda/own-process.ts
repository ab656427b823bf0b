import { constants } from 'node:os';

/** On AWS all of these are the function's own sandbox; here they are the whole cloud, or what started it. */
const isOwn = (pid: number): boolean => [process.pid, -process.pid, process.ppid, 0, -1].includes(pid);

const numberOf = (signal: string | number): number => {
  if (typeof signal === 'number') return signal;
  return (
    Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? constants.signals.SIGTERM
  );
};

/** Lets a signal that a function sends to its own process end its thread, with the exit status that shells give. */
export const keepSignalsInThread = (): void => {
  const kill = process.kill.bind(process);
  process.abort = () => process.exit(128 + constants.signals.SIGABRT);
  process.kill = (pid, signal = 'SIGTERM') =>
    signal === 0 || !isOwn(pid) ? kill(pid, signal) : process.exit(128 + numberOf(signal));
};
