/** What a program of the bench took, told to the bench as its last line: it has a process of its own, so that the peak is its own. */
export const report = (started: number, told: Record<string, unknown>): void => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.log(
    JSON.stringify({
      ...told,
      milliseconds: performance.now() - started,
      cpuMilliseconds: (userCPUTime + systemCPUTime) / 1000,
      peakMegabytes: maxRSS / 1024,
    }),
  );
};
