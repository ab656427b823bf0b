/**
 * Gives this thread's code a Date that tells the cloud's time instead of the machine's. Node's own parts keep the
 * machine's: timers go by real time.
 */
export const replaceDate = (now: () => number): void => {
  const machineDate = Date;
  const cloudDate = new Proxy(machineDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new machineDate(now()).toString(),
  });
  machineDate.now = now;
  machineDate.prototype.constructor = cloudDate;
  globalThis.Date = cloudDate;
};
