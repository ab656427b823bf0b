import type { AccessKey, FunctionSpec } from './function-spec.ts';

/** The environment of a function's worker: what Lambda sets, the function's own variables, and nothing of the host's. */
export const runtimeEnvironment = (
  spec: FunctionSpec,
  { region, key, endpoints }: { region: string; key: AccessKey; endpoints: Record<string, string> },
): Record<string, string> => ({
  ...endpoints,
  ...spec.environment,
  AWS_ACCESS_KEY_ID: key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
  AWS_LAMBDA_FUNCTION_NAME: spec.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: '[$LATEST]local',
  AWS_REGION: region,
  LAMBDA_RUNTIME_DIR: '/var/runtime',
  LAMBDA_TASK_ROOT: spec.codeDir,
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  _HANDLER: spec.handler,
});
