const defaults = {
  ACCESS_DENIED: [403, 'AccessDeniedException', 'User is not authorized to access this resource'],
  API_CONFIGURATION_ERROR: [500, 'InternalServerErrorException', 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'AuthorizerConfigurationException', null],
  AUTHORIZER_FAILURE: [500, 'AuthorizerFailureException', null],
  BAD_REQUEST_BODY: [400, 'BadRequestException', 'Invalid request body'],
  BAD_REQUEST_PARAMETERS: [400, 'BadRequestException', 'Invalid request parameters'],
  INTEGRATION_FAILURE: [502, 'InternalServerErrorException', 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'InternalServerErrorException', 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'ForbiddenException', 'Forbidden'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
  QUOTA_EXCEEDED: [429, 'LimitExceededException', 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'RequestTooLargeException', 'Request Too Long'],
  THROTTLED: [429, 'TooManyRequestsException', 'Too Many Requests'],
  UNAUTHORIZED: [401, 'UnauthorizedException', 'Unauthorized'],
} as const satisfies Record<string, readonly [number, string, string | null]>;

export type GatewayErrorType = keyof typeof defaults;

/** A request that API Gateway itself answers; becomes the gateway response of its type. */
export class GatewayError extends Error {
  readonly type: GatewayErrorType;
  readonly status: number;
  /** The x-amzn-errortype header. */
  readonly exception: string;
  /** AWS sends null where it tells nothing. */
  readonly detail: string | null;
  /** What is wrong with a body, for $context.error.validationErrorString. */
  readonly validation: string | undefined;

  constructor(type: GatewayErrorType, detail?: string, validation?: string) {
    const [status, exception, message] = defaults[type];
    super(detail ?? message ?? type);
    this.type = type;
    this.status = status;
    this.exception = exception;
    this.detail = detail ?? message;
    this.validation = validation;
  }
}
