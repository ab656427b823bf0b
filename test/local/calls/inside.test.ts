import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultKind, kindsFor } from '../../../local/calls/fault.ts';
import { synthesizeGuestbook } from '../guestbook/app.ts';
import { aGuestbookCloud, type GuestbookCloud } from './a-guestbook-cloud.ts';

let synthesized: string;
beforeAll(() => {
  synthesized = mkdtempSync(join(tmpdir(), 'inside-'));
  synthesizeGuestbook(synthesized);
});
afterAll(() => rmSync(synthesized, { recursive: true }));

let guestbook: GuestbookCloud;
afterEach(() => guestbook?.close());

const minute = 60_000;

describe('a fault inside the cloud', () => {
  beforeEach(async () => {
    guestbook = await aGuestbookCloud(synthesized);
  });

  test.for<FaultKind>(['throttle', 'error-before', 'error-after', 'timeout-before', 'timeout-after', 'cut'])(
    '%s at a rule’s target is tried again, and one execution comes of it',
    async (kind) => {
      const { port, clock, cloud, named, upload, executions } = guestbook;
      const site = named('@OnUpload states:StartExecution @Welcome');
      port.arm({ site, kind, nth: 1 });
      await upload('guests/fay.txt');
      await clock.advance(2 * minute);
      await cloud.idle();
      expect(port.struck()).toEqual([{ site, kind, at: 1 }]);
      expect(port.trace().find((one) => one.site === site)?.count).toBe(2);
      expect(await executions()).toEqual([{ status: 'SUCCEEDED' }]);
    },
  );

  test.for<{ kind: FaultKind; error: string }>([
    { kind: 'throttle', error: 'Lambda.TooManyRequestsException' },
    { kind: 'error-after', error: 'Lambda.ServiceException' },
    { kind: 'cut', error: 'Lambda.SdkClientException' },
    { kind: 'timeout-before', error: 'States.Timeout' },
  ])('$kind at a task’s function fails the task with $error', async ({ kind, error }) => {
    const { port, clock, cloud, named, upload, executions } = guestbook;
    port.arm({ site: named('@Welcome lambda:Invoke @Greet'), kind, nth: 1 });
    await upload('guests/fay.txt');
    await clock.advance(minute);
    await cloud.idle();
    expect(await executions()).toEqual([expect.objectContaining({ status: 'FAILED', error })]);
  });

  test.for<{ kind: FaultKind; status: number; stored: string[] }>([
    { kind: 'throttle', status: 500, stored: [] },
    { kind: 'error-after', status: 500, stored: ['ann'] },
    { kind: 'cut', status: 500, stored: ['ann'] },
    { kind: 'timeout-before', status: 504, stored: [] },
  ])('$kind at a method’s function is answered $status, once', async ({ kind, status, stored }) => {
    const { port, clock, cloud, named, sign, signatures } = guestbook;
    port.arm({ site: named('POST/entries lambda:Invoke @Sign'), kind, nth: 'every' });
    const response = sign('ann');
    await expect.poll(() => port.struck()).toHaveLength(1);
    await cloud.idle();
    await clock.advance(30_000);
    expect((await response).status).toBe(status);
    expect(await signatures()).toEqual(stored);
    expect(port.struck()).toHaveLength(1);
  });

  test('a throttled authorizer refuses the request as its own trouble', async () => {
    const { port, named, sign, signatures } = guestbook;
    await sign('ann');
    const known = port.trace().find(({ site }) => site.endsWith(named(' lambda:Invoke @LetIn')));
    expect(known?.site).toMatch(/^authorizers\//);
    port.arm({ site: known?.site ?? '', kind: 'throttle', nth: 1 });
    expect((await sign('bo')).status).toBe(500);
    expect(await signatures()).toEqual(['ann']);
  });

  test('a function that is throttled gets its stream’s records later, and no attempt is used up', async () => {
    const { port, clock, cloud, named, sign, counted } = guestbook;
    const site = () => port.trace().find((one) => one.site.endsWith(named(' lambda:Invoke @Count')))?.site;
    await sign('ann');
    await cloud.idle();
    port.arm({ site: site() ?? '', kind: 'throttle', nth: 'every' });
    await sign('bo');
    await clock.advance(minute);
    expect(port.struck().length).toBeGreaterThan(3);
    expect(await counted()).toBe(1);
    port.disarm();
    await clock.advance(minute);
    await cloud.idle();
    expect(await counted()).toBe(2);
  });

  test.for<FaultKind>(['throttle', 'error-before', 'cut', 'timeout-before'])(
    '%s at the stream itself only delays what is read from it',
    async (kind) => {
      const { port, clock, cloud, named, sign, counted } = guestbook;
      port.arm({ site: named('@Count dynamodb:GetRecords'), kind, nth: 1 });
      await sign('ann');
      await clock.advance(2 * minute);
      await cloud.idle();
      expect(port.struck()).toHaveLength(1);
      expect(await counted()).toBe(1);
    },
  );

  test.for<{ kind: FaultKind; stored: string[] }>([
    { kind: 'timeout-before', stored: [] },
    { kind: 'timeout-after', stored: ['ann'] },
  ])('$kind holds a function’s call until the function has run out of time', async ({ kind, stored }) => {
    const { port, clock, cloud, named, sign, signatures, log } = guestbook;
    port.arm({ site: named('@Sign dynamodb:PutItem'), kind, nth: 1 });
    const response = sign('ann');
    await expect.poll(() => port.struck(), { timeout: 10_000 }).toHaveLength(1);
    await cloud.idle();
    const heldAt = clock.now();
    await clock.advance(3_000);
    expect((await response).status).toBe(502);
    expect(clock.now()).toBe(heldAt + 3_000);
    expect(await signatures()).toEqual(stored);
    expect(log).toContainEqual(expect.stringContaining('Task timed out after 3.00 seconds'));
  });

  test('the trace has every call of the app, and what can be made of it', async () => {
    const { port, cloud, named, sign, upload } = guestbook;
    await sign('ann');
    await upload('guests/fay.txt');
    await cloud.idle();
    const traced = port.trace().map(({ site }) => site);
    for (const site of [
      'POST/entries lambda:Invoke @Sign',
      '@Sign dynamodb:PutItem',
      '@Sign ses:SendEmail',
      '@Count dynamodb:GetRecords',
      '@Count dynamodb:UpdateItem',
      '@OnUpload states:StartExecution @Welcome',
      '@Welcome lambda:Invoke @Greet',
      '@Greet s3:GetObject',
      '@Greet s3:PutObject',
    ]) {
      expect(traced).toContain(named(site));
    }
    const mail = port.trace().find(({ site }) => site === named('@Sign ses:SendEmail'));
    expect(mail).toMatchObject({ count: 1, kinds: kindsFor({ service: 'ses', action: 'SendEmail' }) });
  });
});

describe('without the grant', () => {
  const denied = (site: string, action: string) =>
    expect.stringMatching(
      new RegExp(`^${guestbook.named(site)} is denied: .* is not authorized to perform: ${action} `),
    );

  test('a task may not call its function', async () => {
    guestbook = await aGuestbookCloud(synthesized, { without: ['WelcomeRoleDefaultPolicy'] });
    const { cloud, upload, executions, log } = guestbook;
    await upload('guests/fay.txt');
    await cloud.idle();
    expect(await executions()).toEqual([
      {
        status: 'FAILED',
        error: 'Lambda.AWSLambdaException',
        cause: expect.stringContaining(
          'because no identity-based policy allows the lambda:InvokeFunction action',
        ),
      },
    ]);
    const site = '@Welcome lambda:Invoke @Greet';
    expect(log).toContainEqual(denied(site, 'lambda:InvokeFunction'));
  });

  test('a rule may not start its state machine, and is not asked twice', async () => {
    guestbook = await aGuestbookCloud(synthesized, { without: ['WelcomeEventsRoleDefaultPolicy'] });
    const { clock, cloud, port, named, upload, executions, log } = guestbook;
    await upload('guests/fay.txt');
    await clock.advance(60 * minute);
    await cloud.idle();
    expect(await executions()).toEqual([]);
    const site = named('@OnUpload states:StartExecution @Welcome');
    expect(log).toContainEqual(denied(site, 'states:StartExecution'));
    expect(port.trace().find((one) => one.site === site)?.count).toBe(1);
  });

  test('a rule may not call its function', async () => {
    guestbook = await aGuestbookCloud(synthesized, { without: ['DailyAllowEventRule'] });
    const { cloud, log } = guestbook;
    await cloud.fireSchedule('Daily');
    await cloud.idle();
    const site = '@Daily lambda:Invoke @Remember';
    expect(log).toContainEqual(denied(site, 'lambda:InvokeFunction'));
  });

  test('a method may not call its function', async () => {
    guestbook = await aGuestbookCloud(synthesized, { without: ['ApientriesPOSTApiPermission'] });
    const { sign, log } = guestbook;
    const response = await sign('ann');
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal server error' }]);
    expect(log).toContainEqual(denied('POST/entries lambda:Invoke @Sign', 'lambda:InvokeFunction'));
  });

  test('a mapping of a stream is refused with the whole app, as AWS refuses the deployment', async () => {
    const without = ['CountServiceRoleDefaultPolicy'];
    await expect(aGuestbookCloud(synthesized, { without })).rejects.toThrow(
      /EventSourceMapping \(Count.* may not read its source/,
    );
  });

  test('a function’s own call is refused, and the log tells it', async () => {
    guestbook = await aGuestbookCloud(synthesized, { without: ['SignServiceRoleDefaultPolicy'] });
    const { cloud, sign, signatures, log } = guestbook;
    expect((await sign('ann')).status).toBe(502);
    expect(await signatures()).toEqual([]);
    expect(log).toContainEqual(denied('@Sign dynamodb:PutItem', 'dynamodb:PutItem'));
    const refused = cloud.usage().calls.filter(({ isAllowed }) => !isAllowed);
    expect(refused).toMatchObject([{ action: 'dynamodb:PutItem', count: 1 }]);
  });
});
