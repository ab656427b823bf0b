import * as z from 'zod';
import { dayIn, plusDays } from '../../domain/values/calendar.ts';
import { languages } from '../../domain/values/languages.ts';
import { xlsxMediaType } from '../intake/media-types.ts';
import { orderTemplate } from '../intake/template/order-template.ts';
import { env } from '../shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';

type Deps = { timeZone: () => string; now?: () => Date };

const querySchema = z.strictObject({ lang: z.enum(languages).optional() });

export const operation = {
  summary: 'Downloads the spreadsheet to fill in',
  query: querySchema,
  answers: { 200: { description: 'The workbook', mediaType: xlsxMediaType } },
} satisfies Operation;

const daysToDelivery = 14;

/** GET /v1/templates/orders.xlsx: the workbook to fill in, in `lang` or the language of the request. */
export const createReadTemplate =
  ({ timeZone, now = () => new Date() }: Deps) =>
  async ({ query, language }: HttpRequest): Promise<HttpAnswer> => {
    const { lang = language } = parseQuery(querySchema, query);
    const day = plusDays(dayIn(timeZone(), now()), daysToDelivery);
    return {
      status: 200,
      body: await orderTemplate(lang, day),
      headers: {
        'Content-Type': xlsxMediaType,
        'Content-Language': lang,
        'Content-Disposition': `attachment; filename="orders-${lang}.xlsx"`,
      },
    };
  };

const templateEnv = env({ COMPANY_TIME_ZONE: z.string() });

export const handler = httpHandler((request) =>
  createReadTemplate({ timeZone: () => templateEnv().COMPANY_TIME_ZONE })(request),
);
