import type { HttpResponse } from '../http/serve.ts';
import { GatewayError } from './gateway-error.ts';
import type { MockResponse } from './rest-api-spec.ts';
import { mapParameter, type RequestValues, renderTemplate } from './value-mapping.ts';

/** Answers what the template says, without any backend: CORS preflights, mostly. */
export const answerMock = (
  { responses, requestTemplate }: { responses: MockResponse[]; requestTemplate: string },
  values: RequestValues,
): HttpResponse => {
  const status = /"?statusCode"?\s*:\s*"?(\d{3})/.exec(renderTemplate(requestTemplate, values))?.[1] ?? '200';
  const response =
    responses.find(
      ({ selectionPattern: pattern }) => pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(status),
    ) ?? responses.find(({ selectionPattern: pattern }) => pattern === undefined || pattern === '');
  if (response === undefined) throw new GatewayError('API_CONFIGURATION_ERROR');
  const headers: Record<string, string> = {};
  for (const [target, source] of Object.entries(response.parameters)) {
    const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    const value = mapParameter(source, values);
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
  }
  const [type, template] = Object.entries(response.templates)[0] ?? ['application/json', ''];
  return {
    status: Number(response.statusCode),
    headers: { 'content-type': type, ...headers },
    body: renderTemplate(template, values),
  };
};
