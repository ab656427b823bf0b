import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient } from '@aws-sdk/client-ses';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../local/clock.ts';
import { serve } from '../../../local/http/serve.ts';
import { createSes, type SesOptions } from '../../../local/ses/ses.ts';

const credentials = { accessKeyId: 'LOCALTEST', secretAccessKey: 'not-a-secret' };

/** SES and its inbox on free ports, with their folder, gone when the test ends. */
export const startSes = async (options: Partial<SesOptions> = {}) => {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'rudan-ses-')));
  const mailDir = join(stateDir, 'mail');
  const ses = await createSes({ clock: systemClock, ...options, stateDir, mailDir });
  const api = await serve(ses.handler, { port: 0 });
  const inbox = await serve(ses.inboxHandler, { port: 0 });
  const client = new SESClient({ endpoint: api.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  let stopped: Promise<unknown> | undefined;
  const stop = () => {
    client.destroy();
    stopped ??= Promise.all([api.close(), inbox.close(), ses.close()]);
    return stopped;
  };
  onTestFinished(async () => {
    await stop();
    await rm(stateDir, { recursive: true, force: true });
  });
  return { client, ses, inboxUrl: inbox.url, stateDir, mailDir, stop };
};
