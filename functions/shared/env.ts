import * as z from 'zod';

const read = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const parsed = z.object(shape).safeParse(process.env);
  if (!parsed.success) throw new Error(`environment: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

/** The environment a function needs, read when first asked for and checked once. */
export const env = <Shape extends z.ZodRawShape>(shape: Shape): (() => z.infer<z.ZodObject<Shape>>) => {
  let values: z.infer<z.ZodObject<Shape>> | undefined;
  return () => {
    values ??= read(shape);
    return values;
  };
};

/** How many rows one file of orders may have. */
export const uploadEnv = env({ UPLOAD_MAX_ROWS: z.coerce.number().int().positive() });

/** Who the company is and where its departments get mail. */
export const companyEnv = env({
  COMPANY_NAME: z.string(),
  COMPANY_TAX_ID: z.string(),
  COMPANY_TIME_ZONE: z.string(),
  DESK_EMAIL: z.email(),
  WAREHOUSE_EMAIL: z.email(),
  FINANCE_EMAIL: z.email(),
  STAFF_LANGUAGE: z.enum(['zh-CN', 'en']),
});
