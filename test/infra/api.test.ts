import { describe, expect, test } from 'vitest';
import { aStack, asText, functionResource, resource } from './a-stack.ts';

const { template } = aStack();
const api = resource(template, 'AWS::ApiGateway::RestApi', 'Api');
const stage = resource(template, 'AWS::ApiGateway::Stage', 'Api');

const resources = template.findResources('AWS::ApiGateway::Resource');
const methods = Object.values(template.findResources('AWS::ApiGateway::Method')).map(
  ({ Properties }) => Properties,
);

const pathOf = (id: string): string => {
  const { ParentId: parent, PathPart: part } = resources[id]?.Properties ?? {};
  return parent === undefined ? '' : `${pathOf(parent.Ref ?? '')}/${part}`;
};

test('the routes are those of the contract, each with a function of its own', () => {
  const functionOf = (uri: string) => /Api(\w+)Function/.exec(uri)?.[1];
  const routes = methods.map(({ HttpMethod: method, ResourceId, Integration }) => [
    `${method} ${pathOf(ResourceId.Ref)}`,
    functionOf(asText(Integration.Uri)),
  ]);
  expect(Object.fromEntries(routes)).toEqual({
    'POST /v1/orders': 'PlaceOrder',
    'POST /v1/orders/validate': 'ValidateOrder',
    'GET /v1/orders': 'ListOrders',
    'GET /v1/orders/{orderNumber}': 'ReadOrder',
    'GET /v1/orders/{orderNumber}/events': 'ListOrderEvents',
    'POST /v1/orders/{orderNumber}/cancellation': 'CancelOrderRequest',
    'POST /v1/orders/{orderNumber}/answers': 'AnswerQuestions',
    'GET /t/{token}': 'OpenAnswerPage',
    'POST /t/{token}/answers': 'AnswerByLink',
    'POST /v1/orders/{orderNumber}/payments': 'RecordPayment',
    'POST /v1/orders/{orderNumber}/outbound-slips': 'RecordOutboundSlip',
    'POST /v1/orders/{orderNumber}/shipments': 'RecordShipment',
    'POST /v1/orders/{orderNumber}/shipments/{shipmentId}/events': 'RecordCarrierEvent',
    'POST /v1/uploads': 'RequestUpload',
    'GET /v1/uploads/{uploadId}': 'ReadUploadStatus',
    'GET /v1/templates/orders.xlsx': 'ReadTemplate',
    'GET /v1/openapi.json': 'ReadOpenapi',
    'GET /desk/inbound-mails': 'ListInboundMails',
    'GET /desk/orders': 'ListAllOrders',
    'PUT /desk/orders/{orderNumber}/tags': 'TagOrder',
    'GET /desk/statistics': 'CountOrders',
    'GET /desk/findings': 'ListFindings',
    'POST /desk/findings/{findingId}/assignment': 'AssignFinding',
    'POST /desk/findings/{findingId}/resolution': 'ResolveFinding',
    'GET /desk/rules': 'ListRules',
    'GET /desk/rules/{ruleName}': 'ReadRules',
    'PUT /desk/rules/{ruleName}': 'LoadRules',
    'POST /desk/prices': 'LoadPrices',
    'POST /desk/products': 'LoadProducts',
  });
});

test('no route is open but a customer’s link: each asks the authorizer for the caller and for a usage key', () => {
  const authorizer = resource(template, 'AWS::ApiGateway::Authorizer', 'Api');
  const isLink = ({ ResourceId }: (typeof methods)[number]) => pathOf(ResourceId.Ref).startsWith('/t/');
  expect(methods.filter(isLink).map(({ AuthorizationType }) => AuthorizationType)).toEqual(['NONE', 'NONE']);
  for (const { AuthorizationType, AuthorizerId, ApiKeyRequired, RequestValidatorId } of methods.filter(
    (method) => !isLink(method),
  )) {
    expect({ AuthorizationType, AuthorizerId, ApiKeyRequired }).toEqual({
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: authorizer.id },
      ApiKeyRequired: true,
    });
    expect(RequestValidatorId).toBeUndefined();
  }
  expect(api.ApiKeySourceType).toBe('AUTHORIZER');
  expect(authorizer).toMatchObject({
    Type: 'TOKEN',
    IdentitySource: 'method.request.header.Authorization',
    AuthorizerResultTtlInSeconds: 60,
  });
});

test.for([
  ['Bearer rk_abc', true],
  ['bearer rk_abc', true],
  ['Bearer eyJ.eyJ.sig-_', true],
  ['Bearer ', false],
  ['Bearer a b', false],
  ['Basic dTpw', false],
  ['rk_abc', false],
] as const)('the gateway lets %j reach the authorizer: %s', ([header, reaches]) => {
  const { IdentityValidationExpression } = resource(template, 'AWS::ApiGateway::Authorizer', 'Api');
  expect(new RegExp(IdentityValidationExpression).test(header)).toBe(reaches);
});

test('staff are metered by one plan, whose key the authorizer knows', () => {
  const key = resource(template, 'AWS::ApiGateway::ApiKey', 'Staff');
  expect(functionResource(template, 'authorize').Environment.Variables.STAFF_USAGE_KEY).toBe(key.Value);
  expect(key.Value.length).toBeGreaterThanOrEqual(20);
  const plan = resource(template, 'AWS::ApiGateway::UsagePlan', 'Staff');
  expect(plan).toMatchObject({
    ApiStages: [{ Stage: { Ref: stage.id } }],
    Throttle: { RateLimit: 50, BurstLimit: 100 },
  });
  expect(resource(template, 'AWS::ApiGateway::UsagePlanKey', 'Staff')).toMatchObject({
    KeyId: { Ref: key.id },
    UsagePlanId: { Ref: plan.id },
  });
});

test('the stage is throttled, and logs neither bodies nor who was asked about', () => {
  expect(stage.StageName).toBe('live');
  expect(stage.MethodSettings).toEqual([
    expect.objectContaining({
      HttpMethod: '*',
      ResourcePath: '/*',
      ThrottlingRateLimit: 200,
      ThrottlingBurstLimit: 400,
      LoggingLevel: 'ERROR',
      DataTraceEnabled: false,
    }),
    ...['GET /~1t~1{token}', 'POST /~1t~1{token}~1answers'].map((route) =>
      expect.objectContaining({
        HttpMethod: route.split(' ')[0],
        ResourcePath: route.split(' ')[1],
        ThrottlingRateLimit: 10,
        ThrottlingBurstLimit: 20,
      }),
    ),
  ]);
  const logged = Object.values(JSON.parse(stage.AccessLogSetting.Format));
  expect(logged).toContain('$context.resourcePath');
  for (const personal of ['$context.path', '$context.identity.sourceIp', '$context.identity.userAgent'])
    expect(logged).not.toContain(personal);
  expect(resource(template, 'AWS::Logs::LogGroup', 'ApiAccessLogs').RetentionInDays).toBe(90);
  expect(resource(template, 'AWS::Logs::LogGroup', 'ApiErrorLogs').RetentionInDays).toBe(90);
});

describe('what the gateway refuses is an RFC 9457 problem', () => {
  const responses = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse')).map(
    ({ Properties }) => Properties,
  );
  const responseTo = (type: string) => responses.find(({ ResponseType }) => ResponseType === type);

  test.for([
    ['UNAUTHORIZED', 401, 'unauthenticated'],
    ['ACCESS_DENIED', 403, 'forbidden'],
    ['INVALID_API_KEY', 403, 'forbidden'],
    ['MISSING_AUTHENTICATION_TOKEN', 404, 'not-found'],
    ['RESOURCE_NOT_FOUND', 404, 'not-found'],
    ['REQUEST_TOO_LARGE', 413, 'too-large'],
    ['UNSUPPORTED_MEDIA_TYPE', 415, 'unsupported-media-type'],
    ['THROTTLED', 429, 'rate-limited'],
    ['QUOTA_EXCEEDED', 429, 'rate-limited'],
    ['AUTHORIZER_FAILURE', 503, 'unavailable'],
    ['INTEGRATION_FAILURE', 503, 'unavailable'],
    ['INTEGRATION_TIMEOUT', 503, 'unavailable'],
    ['DEFAULT_5XX', 503, 'unavailable'],
  ] as const)('%s answers %i %s', ([type, status, suffix]) => {
    const { StatusCode, ResponseTemplates, ResponseParameters } = responseTo(type);
    expect(StatusCode).toBe(String(status));
    expect(ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
    expect(JSON.parse(ResponseTemplates['application/json'])).toMatchObject({
      type: `https://docs.example.com/problems/${suffix}`,
      title: expect.any(String),
      status,
      requestId: '$context.requestId',
    });
  });

  test('a 401 says how to authenticate; 429 and 503 say when to come back', () => {
    for (const { StatusCode, ResponseParameters } of responses) {
      expect('gatewayresponse.header.WWW-Authenticate' in ResponseParameters).toBe(StatusCode === '401');
      expect('gatewayresponse.header.Retry-After' in ResponseParameters).toBe(
        ['429', '503'].includes(StatusCode),
      );
    }
  });
});

test('staff cannot sign themselves up, and sign in with a second factor', () => {
  const pool = resource(template, 'AWS::Cognito::UserPool', 'Staff');
  expect(pool).toMatchObject({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    MfaConfiguration: 'ON',
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    DeletionProtection: 'ACTIVE',
    Policies: { PasswordPolicy: { MinimumLength: 12 } },
  });
  const groups = Object.values(template.findResources('AWS::Cognito::UserPoolGroup'));
  expect(groups.map(({ Properties }) => Properties.GroupName).sort()).toEqual([
    'desk',
    'finance',
    'logistics',
    'manager',
    'purchasing',
    'warehouse',
  ]);
});

test('the outputs are those that the operator and his command read', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual(
    [
      'ApiUrl',
      'RestApiId',
      'StageName',
      'OrdersTableName',
      'StockTableName',
      'CatalogueTableName',
      'PartnersTableName',
      'InboxBucketName',
      'DocumentsBucketName',
      'PartnerDropRoleArn',
      'PartnerDropPolicyArn',
      'OrderAddress',
      'MailRuleSetName',
      'OrderStateMachineArn',
      'UploadStateMachineArn',
      'UserPoolId',
      'UserPoolClientId',
      'CompanyTimeZone',
    ].sort(),
  );
});
