import { readFileSync } from 'node:fs';

/** Linux counts into `maxRSS` what the parent had when it started this process; its own peak stands in /proc. */
const peakMegabytes = (): number => {
  const { maxRSS } = process.resourceUsage();
  if (process.platform !== 'linux') return maxRSS / 1024;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(peak ?? maxRSS) / 1024;
};

/** What a program of the bench took, told to the bench as its last line: it has a process of its own, so that the peak is its own. */
export const report = (started: number, told: Record<string, unknown>): void => {
  const { user, system } = process.cpuUsage();
  console.log(
    JSON.stringify({
      ...told,
      milliseconds: performance.now() - started,
      cpuMilliseconds: (user + system) / 1000,
      peakMegabytes: peakMegabytes(),
    }),
  );
};
