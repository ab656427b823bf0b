import { randomUUID } from 'node:crypto';
import { type Guard, openGuard } from './guard.ts';
import type { HttpHandler, HttpResponse } from './serve.ts';
import { ServiceError } from './service-error.ts';
import { toXml, type XmlContent } from './xml.ts';

/** An operation of a query service: its form, the ARN of who asks, and its result. Throws ServiceError. */
export type QueryOperation = (
  form: URLSearchParams,
  caller: string,
) => Promise<{ [name: string]: XmlContent }>;

/** The values of `${prefix}.1`, `${prefix}.2`, … of a form. */
export const listOf = (form: URLSearchParams, prefix: string): string[] => {
  const values: string[] = [];
  for (
    let value = form.get(`${prefix}.1`);
    value !== null;
    value = form.get(`${prefix}.${values.length + 1}`)
  ) {
    values.push(value);
  }
  return values;
};

/** Dispatches by the form's Action (AWS query protocol), past the guard, and answers in the service's XML namespace. */
export const awsQueryHandler = (
  operations: Record<string, QueryOperation>,
  namespace: string,
  guard: Guard<URLSearchParams> = openGuard,
): HttpHandler => {
  const byName = new Map(Object.entries(operations));
  return async (request) => {
    const requestId = randomUUID();
    const answer = (status: number, root: string, content: { [name: string]: XmlContent }): HttpResponse => ({
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: toXml(root, content, namespace),
    });
    const form = new URLSearchParams(request.body.toString('utf8'));
    const action = form.get('Action') ?? '';
    try {
      const caller = guard.identify(request);
      const operation = byName.get(action);
      if (!operation) {
        throw new ServiceError('InvalidAction', `The local cloud does not serve '${action}'.`);
      }
      const asked = { caller, action, input: form };
      const result = await guard.admit(request, asked, () => operation(form, caller));
      return answer(200, `${action}Response`, {
        [`${action}Result`]: result,
        ResponseMetadata: { RequestId: requestId },
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      return answer(error.status, 'ErrorResponse', {
        Error: { Type: type, Code: error.code, Message: error.message },
        RequestId: requestId,
      });
    }
  };
};
