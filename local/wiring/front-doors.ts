import {
  type HttpResponse,
  type HttpServer,
  type ServeOptions,
  serve,
  serveStreaming,
} from '../http/serve.ts';

type Handler<Request> = (request: Request) => Promise<HttpResponse>;
type Serve<Request> = (handler: Handler<Request>, options: ServeOptions) => Promise<HttpServer>;

/** A port that is open before its service stands: early requests wait for it. */
export type FrontDoor<Request> = { url: string; open(handler: Handler<Request>): void };

const isPortTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Hands out ports from `basePort` on, or free ones when it is 0; close() ends all of them. */
export const createFrontDoors = (basePort: number, options: Omit<ServeOptions, 'port'>) => {
  const servers: HttpServer[] = [];
  let nextPort = basePort;
  const takePort = (): number => (basePort === 0 ? 0 : nextPort++);
  const openOn = async <Request>(serveOn: Serve<Request>): Promise<FrontDoor<Request>> => {
    const port = takePort();
    const { promise, resolve } = Promise.withResolvers<Handler<Request>>();
    const waiting: Handler<Request> = async (request) => (await promise)(request);
    const server = await serveOn(waiting, { ...options, port }).catch((error: unknown): never => {
      throw isPortTaken(error)
        ? new Error(`Port ${port} is taken; choose another, or 0 for free ones.`)
        : error;
    });
    servers.push(server);
    return { url: server.url, open: resolve };
  };
  return {
    takePort,
    door: () => openOn(serve),
    streamingDoor: () => openOn(serveStreaming),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
};
export type FrontDoors = ReturnType<typeof createFrontDoors>;
