import type { HttpResponse } from '../http/serve.ts';
import type { GatewayError } from './gateway-error.ts';
import type { RestApiSpec } from './rest-api-spec.ts';
import { mapParameter, type RequestValues, renderTemplate } from './value-mapping.ts';

const jsonType = 'application/json';
const defaultTemplates: Record<string, string> = { [jsonType]: '{"message":$context.error.messageString}' };

/** The template for what the client accepts, else JSON, else the only one there is. */
const chooseTemplate = (templates: Record<string, string>, accept: string | undefined): [string, string] => {
  const offered = Object.keys(templates).length > 0 ? templates : defaultTemplates;
  const wanted = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim() ?? '');
  const type =
    wanted.find((one) => Object.hasOwn(offered, one)) ??
    (Object.hasOwn(offered, jsonType) ? jsonType : (Object.keys(offered)[0] ?? jsonType));
  return [type, offered[type] ?? ''];
};

/** The answer to a request that never reached (or came badly back from) its integration, as the template customises it. */
export const gatewayResponse = (
  error: GatewayError,
  { gatewayResponses }: Pick<RestApiSpec, 'gatewayResponses'>,
  values: RequestValues,
): HttpResponse => {
  const fallback = error.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const custom = gatewayResponses.get(error.type) ?? gatewayResponses.get(fallback);
  const known: RequestValues = {
    ...values,
    context: {
      ...values.context,
      error: {
        message: error.detail ?? '',
        messageString: JSON.stringify(error.detail),
        responseType: error.type,
        ...(error.validation === undefined ? {} : { validationErrorString: error.validation }),
      },
    },
  };
  const [type, template] = chooseTemplate(custom?.templates ?? {}, values.headers.accept);
  const headers: Record<string, string> = {
    'content-type': type,
    'x-amzn-errortype': error.exception,
    'x-amzn-requestid': String(values.context.requestId ?? ''),
    'x-amz-apigw-id': String(values.context.extendedRequestId ?? ''),
  };
  for (const [target, source] of Object.entries(custom?.parameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = mapParameter(source, known);
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
  }
  return {
    status: Number(custom?.statusCode ?? error.status),
    headers,
    body: renderTemplate(template, known),
  };
};
