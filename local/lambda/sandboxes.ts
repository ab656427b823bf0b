import type { FunctionWorker, Invocation, Outcome } from './function-worker.ts';

export type SandboxOptions = {
  start: () => FunctionWorker;
  /** Workers that may run at the same time; more events wait in line. */
  most: number;
  /** An idle worker is ended after this time. */
  idleMs: number;
  /** Called when an event has its worker; the answer is called when that is done with it. */
  begin: () => () => void;
};

export type Sandboxes = {
  run(invocation: Invocation): Promise<Outcome>;
  /** Events running or waiting in line. */
  load(): number;
  close(): Promise<void>;
};

type Idle = { worker: FunctionWorker; reaper: NodeJS.Timeout };

/** The warm and busy workers of one function: started when needed, reused last in first out, reaped when idle. */
export const createSandboxes = ({ start, most, idleMs, begin }: SandboxOptions): Sandboxes => {
  const idle: Idle[] = [];
  const all = new Set<FunctionWorker>();
  const line: (() => void)[] = [];
  let running = 0;
  let closed = false;

  const retire = (worker: FunctionWorker) => {
    all.delete(worker);
    return worker.end();
  };
  const takeWarm = (): FunctionWorker | undefined => {
    for (let warm = idle.pop(); warm !== undefined; warm = idle.pop()) {
      clearTimeout(warm.reaper);
      if (warm.worker.isAlive()) return warm.worker;
      all.delete(warm.worker);
    }
    return undefined;
  };
  const startCold = () => {
    const worker = start();
    all.add(worker);
    return worker;
  };
  const keepWarm = (worker: FunctionWorker) => {
    if (closed || !worker.isAlive()) return void retire(worker);
    const reaper = setTimeout(() => {
      const at = idle.findIndex((one) => one.worker === worker);
      if (at >= 0) idle.splice(at, 1);
      void retire(worker);
    }, idleMs);
    reaper.unref();
    idle.push({ worker, reaper });
  };

  return {
    load: () => running + line.length,
    async run(invocation) {
      if (running >= most) await new Promise<void>((resolve) => line.push(resolve));
      else running += 1;
      if (closed) throw new Error('The local cloud is closing.');
      const worker = takeWarm() ?? startCold();
      const end = begin();
      try {
        return await worker.run(invocation);
      } finally {
        keepWarm(worker);
        const next = line.shift();
        if (next) next();
        else running -= 1;
        end();
      }
    },
    async close() {
      closed = true;
      for (const { reaper } of idle) clearTimeout(reaper);
      for (const next of line.splice(0)) next();
      await Promise.all([...all].map(retire));
    },
  };
};
