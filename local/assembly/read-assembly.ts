import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';

const properties = z.record(z.string(), z.json());
const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: z.json().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), properties)).default({}),
  Conditions: z.record(z.string(), z.json()).default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: properties.default({}),
      Condition: z.string().optional(),
    }),
  ),
  Outputs: z
    .record(
      z.string(),
      z.object({
        Value: z.json(),
        Export: z.object({ Name: z.json() }).optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
});
type Template = z.infer<typeof templateSchema>;

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      displayName: z.string().optional(),
      properties: z
        .object({
          templateFile: z.string().optional(),
          file: z.string().optional(),
          stackName: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const assetManifestSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export type StackTemplate = { name: string; template: Template };
/** `assets` maps the object key that a template names to the file or folder in cdk.out. */
export type Assembly = { stacks: StackTemplate[]; assets: ReadonlyMap<string, string> };

const readJson = <T>(path: string, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success)
    throw new Error(`${path} is not what the CDK writes: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

/** Reads a synthesized app (cdk.out): every stack's template and where each file asset lies. */
export const readAssembly = (cdkOut: string): Assembly => {
  const folder = resolve(cdkOut);
  const { artifacts } = readJson(join(folder, 'manifest.json'), manifestSchema);
  const stacks: StackTemplate[] = [];
  const assets = new Map<string, string>();
  for (const [id, { type, properties: artifact }] of Object.entries(artifacts)) {
    if (type === 'aws:cloudformation:stack' && artifact?.templateFile) {
      const template = readJson(join(folder, artifact.templateFile), templateSchema);
      stacks.push({ name: artifact.stackName ?? id, template });
    }
    if (type === 'cdk:asset-manifest' && artifact?.file) {
      const { files } = readJson(join(folder, artifact.file), assetManifestSchema);
      for (const { source, destinations } of Object.values(files)) {
        if (source.path === undefined) continue;
        for (const { objectKey } of Object.values(destinations))
          assets.set(objectKey, join(folder, source.path));
      }
    }
  }
  if (stacks.length === 0) throw new Error(`${folder} holds no stack; run cdk synth first.`);
  return { stacks, assets };
};
