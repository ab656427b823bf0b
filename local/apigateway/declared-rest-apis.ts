import type * as z from 'zod';
import type { Registry, Resource } from '../assembly/registry.ts';
import { declaredValidations } from './declared-validations.ts';
import type {
  AuthorizerSpec,
  GatewayResponseSpec,
  Integration,
  MethodSpec,
  RestApiSpec,
  StageSpec,
  ThrottleSpec,
} from './rest-api-spec.ts';
import {
  authorizerSchema,
  gatewayResponseSchema,
  methodSchema,
  type methodSettingSchema,
  resourceSchema,
  restApiSchema,
  stageSchema,
} from './template-schemas.ts';

/** `…:lambda:path/2015-03-31/functions/{arn}/invocations` → the ARN. */
const functionArnOf = (uri: string | undefined): string | undefined =>
  /\/functions\/(arn:[^/]+)\/invocations/.exec(uri ?? '')?.[1];

const readIntegration = (declared: z.infer<typeof methodSchema>['Integration']): Integration => {
  const functionArn = functionArnOf(declared?.Uri);
  if (declared?.Type === 'AWS_PROXY' && functionArn !== undefined) {
    return { kind: 'lambda', functionArn, timeoutMs: declared.TimeoutInMillis };
  }
  if (declared?.Type === 'MOCK') {
    const responses = declared.IntegrationResponses.map((response) => ({
      statusCode: response.StatusCode,
      selectionPattern: response.SelectionPattern,
      parameters: response.ResponseParameters,
      templates: response.ResponseTemplates,
    }));
    return { kind: 'mock', responses, requestTemplate: declared.RequestTemplates['application/json'] ?? '' };
  }
  return { kind: 'unsupported', type: declared?.Type ?? 'none' };
};

const readThrottles = (settings: z.infer<typeof methodSettingSchema>[]): Map<string, ThrottleSpec> => {
  const throttles = new Map<string, ThrottleSpec>();
  for (const { HttpMethod: method, ResourcePath: path, ...limits } of settings) {
    const { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit } = limits;
    if (rateLimit === undefined && burstLimit === undefined) continue;
    // A path in method settings is written with ~1 for its slashes.
    const resource = path === '/*' ? '*' : path.replaceAll('~1', '/').replace(/^\/\//, '/');
    throttles.set(`${method} ${resource}`, {
      rateLimit: rateLimit ?? Number.POSITIVE_INFINITY,
      burstLimit: burstLimit ?? Number.POSITIVE_INFINITY,
    });
  }
  return throttles;
};

type Parsed<T> = { resource: Resource; declared: T };

const read = <T>(registry: Registry, type: string, schema: z.ZodType<T>): Parsed<T>[] =>
  registry.ofType(type).map((resource) => ({ resource, declared: resource.read(schema) }));

const pathsById = (
  rootId: string,
  resources: Parsed<z.infer<typeof resourceSchema>>[],
): Map<string, string> => {
  const byId = new Map(resources.map(({ resource, declared }) => [resource.ref, declared]));
  const pathOf = (id: string): string => {
    const declared = byId.get(id);
    return declared === undefined ? '' : `${pathOf(declared.ParentId)}/${declared.PathPart}`;
  };
  return new Map([[rootId, '/'], ...[...byId.keys()].map((id): [string, string] => [id, pathOf(id)])]);
};

const readMethod = (
  { resource: { logicalId }, declared }: Parsed<z.infer<typeof methodSchema>>,
  paths: ReadonlyMap<string, string>,
  validationOf: ReturnType<typeof declaredValidations>,
  skip: (line: string) => void,
): MethodSpec => {
  const integration = readIntegration(declared.Integration);
  const name = `AWS::ApiGateway::Method (${logicalId})`;
  if (integration.kind === 'unsupported') skip(`${name}: integration type ${integration.type}`);
  if (declared.AuthorizationType === 'AWS_IAM') skip(`${name}: IAM authorization; every caller passes`);
  return {
    httpMethod: declared.HttpMethod,
    resourcePath: paths.get(declared.ResourceId) ?? '/',
    resourceId: declared.ResourceId,
    authorizerId: declared.AuthorizerId,
    authorizationScopes: declared.AuthorizationScopes,
    apiKeyRequired: declared.ApiKeyRequired,
    validation: validationOf(declared),
    integration,
  };
};

const readAuthorizer = ({
  resource,
  declared,
}: Parsed<z.infer<typeof authorizerSchema>>): AuthorizerSpec => ({
  id: resource.ref,
  type: declared.Type,
  functionArn: functionArnOf(declared.AuthorizerUri),
  userPoolArns: declared.ProviderARNs,
  identitySources: declared.IdentitySource.split(',')
    .map((source) => source.trim())
    .filter((source) => source !== ''),
  validation: declared.IdentityValidationExpression,
  ttlMs: declared.AuthorizerResultTtlInSeconds * 1000,
});

const readGatewayResponse = (declared: z.infer<typeof gatewayResponseSchema>): GatewayResponseSpec => ({
  statusCode: declared.StatusCode,
  parameters: declared.ResponseParameters,
  templates: declared.ResponseTemplates,
});

const readStage = (declared: z.infer<typeof stageSchema>): StageSpec => ({
  name: declared.StageName,
  variables: declared.Variables,
  throttles: readThrottles(declared.MethodSettings),
});

/** Reads the REST APIs of the templates; `skipped` names what of them is not served, one line each. */
export const declaredRestApis = (registry: Registry): { apis: RestApiSpec[]; skipped: string[] } => {
  const skipped: string[] = [];
  const skip = (line: string) => void skipped.push(line);
  const resources = read(registry, 'AWS::ApiGateway::Resource', resourceSchema);
  const methods = read(registry, 'AWS::ApiGateway::Method', methodSchema);
  const authorizers = read(registry, 'AWS::ApiGateway::Authorizer', authorizerSchema);
  const responses = read(registry, 'AWS::ApiGateway::GatewayResponse', gatewayResponseSchema);
  const stages = read(registry, 'AWS::ApiGateway::Stage', stageSchema);

  const readApi = ({ resource, declared }: Parsed<z.infer<typeof restApiSchema>>): RestApiSpec => {
    const { ref: id, logicalId } = resource;
    const ofThis = <T extends { RestApiId: string }>(one: Parsed<T>) => one.declared.RestApiId === id;
    if (declared.Body !== undefined || declared.BodyS3Location !== undefined) {
      skip(`AWS::ApiGateway::RestApi (${logicalId}): its OpenAPI body`);
    }
    const validationOf = declaredValidations(registry, id, skip);
    const paths = pathsById(resource.attribute('RootResourceId'), resources.filter(ofThis));
    return {
      logicalId,
      id,
      apiKeySource: declared.ApiKeySourceType,
      binaryMediaTypes: declared.BinaryMediaTypes,
      methods: methods.filter(ofThis).map((method) => readMethod(method, paths, validationOf, skip)),
      stages: stages.filter(ofThis).map((stage) => readStage(stage.declared)),
      authorizers: new Map(authorizers.filter(ofThis).map((one) => [one.resource.ref, readAuthorizer(one)])),
      gatewayResponses: new Map(
        responses.filter(ofThis).map((one) => [one.declared.ResponseType, readGatewayResponse(one.declared)]),
      ),
    };
  };
  const apis = read(registry, 'AWS::ApiGateway::RestApi', restApiSchema).map(readApi);
  return { apis, skipped };
};
