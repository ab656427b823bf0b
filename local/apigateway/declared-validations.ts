import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { JsonValue } from '../json.ts';
import type { ModelCheck, RequestValidation } from './request-validation.ts';
import type { methodSchema } from './template-schemas.ts';

const flag = z.union([z.boolean(), z.stringbool()]);
const validatorSchema = z.object({
  RestApiId: z.string(),
  ValidateRequestBody: flag.default(false),
  ValidateRequestParameters: flag.default(false),
});
const schemaSchema = z.record(z.string(), z.json());
const modelSchema = z.object({
  RestApiId: z.string(),
  Schema: z.union([
    schemaSchema,
    z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(schemaSchema),
  ]),
});

type Schemas = ReadonlyMap<string, JsonValue>;

const otherModel = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([\w-]+)$/;

/** The schema with the models it refers to put in their place; throws on one that refers to itself. */
const inline = (schema: JsonValue, models: Schemas, within: readonly string[]): JsonValue => {
  if (Array.isArray(schema)) return schema.map((one) => inline(one, models, within));
  if (schema === null || typeof schema !== 'object') return schema;
  const name = typeof schema.$ref === 'string' ? otherModel.exec(schema.$ref)?.[1] : undefined;
  if (name === undefined) {
    return Object.fromEntries(
      Object.entries(schema).map(([key, value]) => [key, inline(value, models, within)]),
    );
  }
  if (within.includes(name)) throw new Error(`it refers to ${name} within ${name}`);
  return inline(models.get(name) ?? {}, models, [...within, name]);
};

const describeIssue = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;

const compileModel = (name: string, models: Schemas): ModelCheck => {
  const schema = z.record(z.string(), z.json()).parse(inline(models.get(name) ?? {}, models, [name]));
  const check = z.fromJSONSchema(schema, { defaultTarget: 'draft-4' });
  return (body) => {
    const parsed = check.safeParse(body);
    return parsed.success ? [] : parsed.error.issues.map(describeIssue);
  };
};

/** How the methods of a REST API are validated; `skip` is told of models that cannot be read. */
export const declaredValidations = (registry: Registry, restApiId: string, skip: (line: string) => void) => {
  const ofThis = <T extends { RestApiId: string }>(type: string, schema: z.ZodType<T>) =>
    registry
      .ofType(type)
      .map((resource) => ({ resource, declared: resource.read(schema) }))
      .filter(({ declared }) => declared.RestApiId === restApiId);
  const validators = new Map(
    ofThis('AWS::ApiGateway::RequestValidator', validatorSchema).map(({ resource, declared }) => [
      resource.ref,
      declared,
    ]),
  );
  const models = ofThis('AWS::ApiGateway::Model', modelSchema);
  const schemas: Schemas = new Map(models.map(({ resource, declared }) => [resource.ref, declared.Schema]));
  const checks = new Map<string, ModelCheck>();
  for (const { resource } of models) {
    try {
      checks.set(resource.ref, compileModel(resource.ref, schemas));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      skip(`AWS::ApiGateway::Model (${resource.logicalId}): ${reason}; bodies pass unchecked`);
    }
  }
  return (method: z.infer<typeof methodSchema>): RequestValidation | undefined => {
    const validator = validators.get(method.RequestValidatorId ?? '');
    if (!validator) return undefined;
    const parameters = Object.entries(method.RequestParameters).filter(([, isRequired]) => isRequired);
    const bodies = Object.entries(method.RequestModels).flatMap(
      ([mediaType, name]): [string, ModelCheck][] => {
        const check = checks.get(name);
        return check ? [[mediaType.toLowerCase(), check]] : [];
      },
    );
    return {
      requiredParameters: validator.ValidateRequestParameters ? parameters.map(([name]) => name) : [],
      models: new Map(validator.ValidateRequestBody ? bodies : []),
    };
  };
};
