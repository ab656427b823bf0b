import { mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const templateName = 'Rudan.template.json';
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.looseObject({}).default({}) }),
  ),
});
const environmentSchema = z
  .object({ Variables: z.record(z.string(), z.json()).default({}) })
  .default({ Variables: {} });

/**
 * The same app, deployed with AWS_MAX_ATTEMPTS=1: its SDK clients do not try again, so that a fault meets the app itself
 * and nobody waits for their pauses, which go by the machine's time. Answers the folder, for the caller to remove.
 */
export const impatientAssembly = async (cdkOut: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-impatient-'));
  for (const name of await readdir(cdkOut))
    if (name !== templateName) await symlink(join(cdkOut, name), join(folder, name), 'junction');
  const template = templateSchema.parse(JSON.parse(await readFile(join(cdkOut, templateName), 'utf8')));
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { Variables } = environmentSchema.parse(Properties.Environment);
    Properties.Environment = { Variables: { ...Variables, AWS_MAX_ATTEMPTS: '1' } };
  }
  await writeFile(join(folder, templateName), JSON.stringify(template));
  return folder;
};
