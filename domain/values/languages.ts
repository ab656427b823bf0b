/** The languages that mails, documents and messages exist in; orders in another language get English. */
export const languages = ['zh-CN', 'en'] as const;

export type Language = (typeof languages)[number];

/** A text in every language: a missing translation fails the type-check. */
export type Text = Readonly<Record<Language, string>>;

/** Reads a BCP 47 tag or an Accept-Language header: Chinese of any kind is zh-CN, everything else English. */
export const languageOf = (tag: string | undefined): Language =>
  /^\s*zh\b/i.test(tag ?? '') ? 'zh-CN' : 'en';
