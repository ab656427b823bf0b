import type { ApiAnswer, ApiClient } from '../../../demo/api-client.ts';
import type { Endpoints } from '../../../demo/desk.ts';

/** A call was lost, or answered with 429 or 5xx: whatever it did, whoever made it has to make it again. */
export class Unacknowledged extends Error {
  override readonly name = 'Unacknowledged';
}

/** One request; throws Unacknowledged when it is not answered, or not for good. */
export const ask = async (url: URL | string, request: RequestInit): Promise<Response> => {
  const answer = await fetch(url, request).catch((error: unknown) => {
    throw new Unacknowledged('no answer', { cause: error });
  });
  if (answer.status !== 429 && answer.status < 500) return answer;
  await answer.body?.cancel();
  throw new Unacknowledged(`answered with ${answer.status}`);
};

const bodyOf = (answer: Response): Promise<unknown> =>
  answer.json().catch((error: unknown) => {
    throw new Unacknowledged('half an answer', { cause: error });
  });

const apiOf = (apiUrl: string, token: string): ApiClient => {
  const call = async (path: string, request: RequestInit): Promise<ApiAnswer> => {
    const headers = new Headers(request.headers);
    headers.set('Authorization', `Bearer ${token}`);
    headers.set('Content-Type', 'application/json');
    const answer = await ask(new URL(path, apiUrl), { ...request, headers });
    return { status: answer.status, body: await bodyOf(answer) };
  };
  return {
    get: (path) => call(path, { method: 'GET' }),
    post: (path, body, headers = {}) => call(path, { method: 'POST', headers, body: JSON.stringify(body) }),
    put: (path, body) => call(path, { method: 'PUT', body: JSON.stringify(body) }),
  };
};

/**
 * Everybody who calls a desk, each with one try a call. Actors post when the desk is at rest, so that nothing depends on
 * who is faster; what they post stays on the list until acknowledged.
 */
export const peopleOf = ({ apiUrl, partners }: Endpoints, untilRest: () => Promise<void>) => {
  const unsent: (() => Promise<ApiAnswer>)[] = [];
  let posts = 0;
  const as = (partnerId: string): ApiClient =>
    apiOf(apiUrl, partners.find((partner) => partner.partnerId === partnerId)?.apiKey ?? '');

  const persistent = (client: ApiClient): ApiClient => ({
    ...client,
    post: async (...call) => {
      posts += 1;
      await untilRest();
      const send = () => client.post(...call);
      try {
        return await send();
      } catch (error) {
        unsent.push(send);
        throw error;
      }
    },
  });

  return {
    mall: as('example-mall'),
    stranger: as('example-imports'),
    actors: {
      partner: persistent(as('example-mall')),
      payer: persistent(as('example-pay')),
      warehouse: persistent(as('example-warehouse')),
      carrier: persistent(as('example-express')),
    },
    /** How many different posts the actors have made. */
    posts: () => posts,
    /** Sends again, oldest first and as it was, what was not acknowledged; fails when it is refused now. */
    repeat: async (): Promise<void> => {
      for (let send = unsent[0]; send !== undefined; send = unsent[0]) {
        const { status, body } = await send();
        if (status >= 300) throw new Error(`a repeated post was refused: ${status} ${JSON.stringify(body)}`);
        unsent.shift();
      }
    },
  };
};

export type People = ReturnType<typeof peopleOf>;
