import type { Page } from 'playwright-core';
import * as z from 'zod';

/** Questions put to the browser about the page it shows. They run there, so they are text here. */

const focusSchema = z.object({ id: z.string(), className: z.string(), role: z.string().nullable() });

/** What has the focus. */
export const focusOf = async (page: Page) =>
  focusSchema.parse(
    await page.evaluate(
      `(({ id, className } = document.activeElement) => ({ id, className, role: document.activeElement.getAttribute("role") }))()`,
    ),
  );

/** What a screen reader needs, asked of the browser's own tree: every control has a name, every group a legend, no id stands twice. */
const accessibilityProbe = `(() => {
  const controls = [...document.querySelectorAll('input:not([type=hidden]), textarea, button, a')];
  const nameless = controls.filter((one) => !(one.labels?.[0]?.textContent || one.textContent)?.trim());
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  const referring = [...document.querySelectorAll('[aria-describedby],[aria-labelledby]')];
  const referred = referring.flatMap((one) =>
    [one.getAttribute('aria-describedby'), one.getAttribute('aria-labelledby')].filter((id) => id !== null),
  );
  return {
    controls: controls.length,
    nameless: nameless.map((one) => one.outerHTML),
    repeatedIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    lostReferences: referred.filter((id) => !ids.includes(id)),
    legends: [...new Set([...document.querySelectorAll('fieldset')].map((one) => one.firstElementChild?.tagName))],
    headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    lang: document.documentElement.lang,
    isWide: document.documentElement.scrollWidth > window.innerWidth,
  };
})()`;

const accessibilitySchema = z.object({
  controls: z.int(),
  nameless: z.array(z.string()),
  repeatedIds: z.array(z.string()),
  lostReferences: z.array(z.string()),
  legends: z.array(z.string()),
  headings: z.int(),
  mains: z.int(),
  lang: z.string(),
  isWide: z.boolean(),
});

export const accessibilityOf = async (page: Page) =>
  accessibilitySchema.parse(await page.evaluate(accessibilityProbe));

const contrastProbe = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((value) => linear(value / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (element) => {
    if (!element) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? backgroundOf(element.parentElement) : backgroundColor;
  };
  const texts = [...document.querySelectorAll('body *')].filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()),
  );
  const ratios = texts.map((one) => {
    const [light, dark] = [getComputedStyle(one).color, backgroundOf(one)].map(luminance).sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  });
  return Math.min(...ratios);
})()`;

/** The lowest contrast (WCAG 2.2, 1.4.3) of any text against the first background behind it. */
export const weakestContrast = async (page: Page): Promise<number> =>
  z.number().parse(await page.evaluate(contrastProbe));
