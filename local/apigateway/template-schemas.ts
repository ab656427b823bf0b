import * as z from 'zod';

const texts = z.record(z.string(), z.coerce.string());
const flag = z.union([z.boolean(), z.stringbool()]);

export const restApiSchema = z.object({
  ApiKeySourceType: z.enum(['HEADER', 'AUTHORIZER']).default('HEADER'),
  BinaryMediaTypes: z.array(z.string()).default([]),
  Body: z.unknown().optional(),
  BodyS3Location: z.unknown().optional(),
});
export const resourceSchema = z.object({ RestApiId: z.string(), ParentId: z.string(), PathPart: z.string() });
const integrationResponseSchema = z.object({
  StatusCode: z.coerce.string(),
  SelectionPattern: z.string().optional(),
  ResponseParameters: texts.default({}),
  ResponseTemplates: texts.default({}),
});
export const methodSchema = z.object({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.string(),
  AuthorizationType: z.string().default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
  ApiKeyRequired: flag.default(false),
  RequestValidatorId: z.string().optional(),
  RequestParameters: z.record(z.string(), flag).default({}),
  RequestModels: z.record(z.string(), z.string()).default({}),
  Integration: z
    .object({
      Type: z.string(),
      Uri: z.string().optional(),
      TimeoutInMillis: z.coerce.number().default(29_000),
      RequestTemplates: texts.default({}),
      IntegrationResponses: z.array(integrationResponseSchema).default([]),
    })
    .optional(),
});
export const authorizerSchema = z.object({
  RestApiId: z.string(),
  Type: z.enum(['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS']),
  AuthorizerUri: z.string().optional(),
  ProviderARNs: z.array(z.string()).default([]),
  IdentitySource: z.string().default(''),
  IdentityValidationExpression: z.string().optional(),
  AuthorizerResultTtlInSeconds: z.coerce.number().default(300),
});
export const gatewayResponseSchema = z.object({
  RestApiId: z.string(),
  ResponseType: z.string(),
  StatusCode: z.coerce.string().optional(),
  ResponseParameters: texts.default({}),
  ResponseTemplates: texts.default({}),
});
export const methodSettingSchema = z.object({
  HttpMethod: z.string().default('*'),
  ResourcePath: z.string().default('/*'),
  ThrottlingRateLimit: z.coerce.number().optional(),
  ThrottlingBurstLimit: z.coerce.number().optional(),
});
export const stageSchema = z.object({
  RestApiId: z.string(),
  StageName: z.string(),
  Variables: texts.default({}),
  MethodSettings: z.array(methodSettingSchema).default([]),
});
