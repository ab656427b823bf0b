import { expect, test } from 'vitest';
import { serve } from '../../../local/http/serve.ts';
import { createFrontDoors } from '../../../local/wiring/front-doors.ts';

test('a request that comes before its service stands waits for it', async () => {
  const doors = createFrontDoors(0, {});
  const door = await doors.door();
  const early = fetch(door.url).then((response) => response.text());
  door.open(async () => ({ status: 200, body: 'here' }));
  expect(await early).toBe('here');
  await doors.close();
});

test('a port that is taken is named', async () => {
  const other = await serve(async () => ({ status: 200 }), { port: 0 });
  const doors = createFrontDoors(other.port, {});
  await expect(doors.door()).rejects.toThrow(`Port ${other.port} is taken`);
  await other.close();
});
