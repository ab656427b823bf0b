import { setTimeout as sleep } from 'node:timers/promises';

export type ApiAnswer = { status: number; body: unknown };

const attempts = 10;

/** Calls the API with one caller's credential; waits where it is told to (429, 503). */
export const apiClient = (apiUrl: string, token: string) => {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(new URL(path, apiUrl), {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const mayPass = answer.status === 429 || answer.status === 503;
      if (!mayPass || attempt === attempts) return { status: answer.status, body: await answer.json() };
      await sleep(Number(answer.headers.get('Retry-After') ?? '1') * 1000);
    }
  };
  return {
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown, headers?: Record<string, string>) =>
      call('POST', path, body, headers),
    put: (path: string, body: unknown, headers?: Record<string, string>) => call('PUT', path, body, headers),
  };
};

export type ApiClient = ReturnType<typeof apiClient>;
