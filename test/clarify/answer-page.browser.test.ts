import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { heldOrders } from './a-held-order.ts';
import { customerLinks } from './a-link.ts';
import { serveLinks } from './a-link-server.ts';
import { chromiumPath, openBrowser } from './browser.ts';
import { accessibilityOf, focusOf, weakestContrast } from './page-probes.ts';

const at = useOrderDesk();
let mall: Partner;
let browser: Browser;
let server: Awaited<ReturnType<typeof serveLinks>>;
let orders: ReturnType<typeof heldOrders>;
let customer: ReturnType<typeof customerLinks>;

const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
  javaScriptEnabled: false,
};
const screenshots = join(import.meta.dirname, '../../test-results');

/** A price and a specification that differ: two questions. */
const lines = [aSubmittedLine({ sku: 'BR-1', quantity: 1, unitPrice: '18.00', specification: '500ml 红色' })];

const opened = async (options: BrowserContextOptions, lang?: string) => {
  const { orderNumber, token: taskToken } = await orders.held(mall, 'BR-1', { lines });
  const token = await customer.issue(orderNumber);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${server.urlOf(token)}${lang ? `?lang=${lang}` : ''}`);
  const [spec, price] = [
    await orders.find(orderNumber, 'SPEC_MISMATCH'),
    await orders.find(orderNumber, 'PRICE_MISMATCH'),
  ];
  return {
    orderNumber,
    taskToken,
    page,
    spec: spec.number,
    price: price.number,
    close: () => context.close(),
  };
};

const keep = (page: Page, name: string) =>
  page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

describe.skipIf(chromiumPath === undefined)('the answer page in a browser', () => {
  beforeAll(async () => {
    mall = await at.desk.addPartner();
    await at.desk.addProduct('BR-1', 1000);
    orders = heldOrders(at.desk);
    customer = customerLinks(at.desk);
    server = await serveLinks(customer);
    mkdirSync(screenshots, { recursive: true });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test.for(['zh-CN', 'en'])('on a phone without JavaScript, in %s: answered by touch', async (language) => {
    const { orderNumber, taskToken, page, spec, price, close } = await opened(phone, language);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await keep(page, `answer-page-${language}`);
    await page.locator(`#correct-${spec}`).tap();
    await page.locator(`#value-${spec}`).fill('350ml 蓝色');
    await page.locator(`label[for=accept-${price}]`).tap();
    await page.locator('form').first().locator('button').tap();
    await page.waitForURL(/answers$/);
    expect(await page.locator('h1').textContent()).toMatch(language === 'en' ? /Thank you/ : /谢谢/);
    expect(at.desk.answered.get(taskToken)).toEqual({ result: 'success' });
    expect((await at.desk.read(orderNumber)).content.lines[0]).toMatchObject({
      unitPrice: '39.90',
      specification: '350ml 蓝色',
    });
    await close();
  });

  test('by keyboard alone: the tab order is the reading order, and the answer is sent with Enter', async () => {
    const { taskToken, page, spec, price, close } = await opened({ javaScriptEnabled: true }, 'en');
    const visited: string[] = [];
    const tab = async () => {
      await page.keyboard.press('Tab');
      const { id, className } = await focusOf(page);
      visited.push(id || className);
      return visited.at(-1);
    };
    for (let press = 0; press < 30 && (await tab()) !== `accept-${spec}`; press++);
    await page.keyboard.press('Space');
    for (let press = 0; press < 30 && (await tab()) !== `accept-${price}`; press++);
    await page.keyboard.press('Space');
    expect(visited[0]).toBe('skip');
    expect(visited.indexOf(`accept-${spec}`)).toBeLessThan(visited.indexOf(`value-${spec}`));
    await page.keyboard.press('Enter');
    await page.waitForURL(/answers$/);
    expect(at.desk.answered.get(taskToken)).toEqual({ result: 'success' });
    await close();
  });

  test.for(['zh-CN', 'en'])(
    'is read out whole and seen by weak eyes, in %s, also after a mistake',
    async (language) => {
      const { page, spec, price, close } = await opened({ ...phone, javaScriptEnabled: true }, language);
      const look = async () => {
        expect(await accessibilityOf(page)).toEqual({
          controls: expect.any(Number),
          nameless: [],
          repeatedIds: [],
          lostReferences: [],
          legends: ['LEGEND'],
          headings: 1,
          mains: 1,
          lang: language,
          isWide: false,
        });
        expect(await weakestContrast(page)).toBeGreaterThanOrEqual(4.5);
      };
      await look();
      await page.locator(`#correct-${spec}`).check();
      await page.locator(`#value-${spec}`).fill('');
      await page.locator(`#accept-${price}`).check();
      await page.locator('form').first().locator('button').click();
      await page.waitForURL(/answers$/);
      await look();
      await keep(page, `answer-page-error-${language}`);
      expect(await page.title()).toMatch(language === 'en' ? /^Error: / : /^有误：/);
      expect(await focusOf(page)).toMatchObject({ role: 'alert' });
      expect(await page.locator(`#value-${spec}`).getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator(`#accept-${price}`).isChecked()).toBe(true);
      await page.locator('[role=alert] a').first().click();
      expect(await focusOf(page)).toMatchObject({ id: `question-${spec}` });
      await close();
    },
  );

  test('leads to itself in the other language, before and after a mistake', async () => {
    const { page, spec, price, close } = await opened(phone);
    await page.locator('header a').tap();
    await page.waitForURL(/lang=en$/);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.locator(`#correct-${spec}`).check();
    await page.locator(`#value-${spec}`).fill('');
    await page.locator(`#accept-${price}`).check();
    await page.locator('form').first().locator('button').tap();
    await page.waitForURL(/answers$/);
    await page.locator('header a').tap();
    await page.waitForURL(/lang=zh-CN$/);
    expect(await page.locator('fieldset').count()).toBe(2);
    await close();
  });

  test('cancels only when that is ticked', async () => {
    const { taskToken, page, close } = await opened(phone, 'en');
    await page.locator('form').last().locator('button').tap();
    expect(page.url()).not.toContain('answers');
    await page.locator('#cancel').tap();
    await page.locator('form').last().locator('button').tap();
    await page.waitForURL(/answers$/);
    expect(at.desk.answered.get(taskToken)).toEqual({ result: 'failure', error: 'OrderCancelled' });
    await close();
  });

  test('runs no script and loads nothing, even when its text holds markup', async () => {
    const { token } = await orders
      .held(mall, 'BR-1', {
        lines: [
          aSubmittedLine({
            ...lines[0],
            sku: 'BR-1',
            quantity: 1,
            name: '<img src=x onerror=alert(1)>',
            specification: '"><script>document.title="x"</script>',
          }),
        ],
      })
      .then(async ({ orderNumber }) => ({ token: await customer.issue(orderNumber) }));
    const context = await browser.newContext();
    const page = await context.newPage();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(server.urlOf(token));
    expect(requested.filter((url) => !url.endsWith('/favicon.ico'))).toEqual([server.urlOf(token)]);
    expect(await page.title()).not.toBe('x');
    expect(await page.locator('main img, main script').count()).toBe(0);
    await context.close();
  });
});
