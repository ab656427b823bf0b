import { waitingFindings } from '../../domain/findings/bounded-findings.ts';
import { earliestDue } from '../../domain/findings/clarification.ts';
import { ourValue } from '../../domain/findings/finding-decisions.ts';
import { findingSentence } from '../../domain/findings/finding-messages.ts';
import {
  type Answer,
  type AnswerKind,
  currentValue,
  offeredAnswers,
} from '../../domain/findings/questions.ts';
import {
  fulfilmentStatusOf,
  type OrderRecord,
  paymentStatusOf,
  type StoredFinding,
} from '../../domain/orders/order.ts';
import { statusNames } from '../../domain/orders/status.ts';
import type { Language } from '../../domain/values/languages.ts';
import { type Html, html } from '../mail/html.ts';
import { showAmount } from '../mail/wording/amounts.ts';
import { showDelivery, showInstant } from '../mail/wording/dates.ts';
import { showPlace } from '../mail/wording/fields.ts';
import { layOutPage } from './layout.ts';
import { texts } from './texts.ts';

/** What was wrong with answers, by the number of the question; 0 is what belongs to none of them. */
export type Messages = ReadonlyMap<number, string>;

export type QuestionPage = {
  order: OrderRecord;
  questions: readonly StoredFinding[];
  language: Language;
  company: { name: string; timeZone: string };
  /** Where the form goes, and where the page stands in the other language: relative to the page. */
  action: string;
  otherLanguageUrl: string;
  /** Answers given so far, shown again when some of them were wrong. */
  given?: ReadonlyMap<number, Partial<Answer>>;
  messages?: Messages;
};

const idOf = (number: number, part: string): string => `${part}-${number}`;

/** To take our answer: one value, the order without a promotion that does not hold, or what our rules make of it. */
const acceptLabel = ({ order, language }: QuestionPage, finding: StoredFinding): string => {
  const text = texts[language];
  const value = ourValue(finding, order.content);
  return value === undefined && finding.code !== 'PROMOTION_INVALID' ? text.byOurRules : text.accept(value);
};

const choice = (page: QuestionPage, finding: StoredFinding, kind: AnswerKind): Html => {
  const { number } = finding;
  const text = texts[page.language];
  const label = {
    ACCEPT: acceptLabel(page, finding),
    CORRECT: text.correct,
    CONFIRM: text.confirm,
  }[kind];
  const id = idOf(number, kind.toLowerCase());
  const isChosen = page.given?.get(number)?.answer === kind;
  return html`<div class="choice"><input type="radio" id="${id}" name="${idOf(number, 'answer')}" value="${kind}" required${isChosen ? html` checked` : undefined}><label for="${id}">${label}</label></div>
`;
};

const valueField = ({ order, language, given, messages }: QuestionPage, finding: StoredFinding): Html => {
  const { number } = finding;
  const id = idOf(number, 'value');
  const value = given?.get(number)?.value ?? currentValue(order.content, finding);
  const wrong = messages?.has(number)
    ? html` aria-invalid="true" aria-describedby="${idOf(number, 'error')}"`
    : undefined;
  return html`<div class="field"><label for="${id}">${texts[language].value}</label><input type="text" id="${id}" name="${id}" value="${value}" maxlength="200" autocomplete="off"${wrong}></div>
`;
};

const noteField = ({ language, given }: QuestionPage, { number }: StoredFinding): Html => {
  const id = idOf(number, 'note');
  return html`<div class="field"><label for="${id}">${texts[language].note}</label><textarea id="${id}" name="${id}" rows="2" maxlength="500">${given?.get(number)?.note}</textarea></div>
`;
};

const question =
  (page: QuestionPage) =>
  (finding: StoredFinding, index: number): Html => {
    const { order, language, questions, messages } = page;
    const { number, pointer } = finding;
    const text = texts[language];
    const offered = offeredAnswers(order, finding);
    const place = showPlace(pointer, order.content.lines, language);
    const message = messages?.get(number);
    return html`<fieldset id="${idOf(number, 'question')}" tabindex="-1">
<legend>${text.question(index + 1, questions.length)}${place ? ` · ${place}` : ''}</legend>
${message ? html`<p class="message" id="${idOf(number, 'error')}">${message}</p>` : undefined}
<p>${findingSentence(finding, language)}</p>
${finding.question ? html`<p>${text.fromDesk} ${finding.question}</p>` : undefined}
${offered.map((kind) => html`${choice(page, finding, kind)}${kind === 'CORRECT' ? valueField(page, finding) : undefined}${kind === 'CONFIRM' ? noteField(page, finding) : undefined}`)}</fieldset>
`;
  };

const factsOf = ({ order, language }: QuestionPage): Html => {
  const { state, content } = order;
  const text = texts[language];
  const facts: [string, string][] = [
    [text.facts.order, state.orderNumber],
    [text.facts.reference, state.customerOrderReference],
    [text.facts.status, statusNames[state.status][language]],
    [text.facts.payment, text.payments[paymentStatusOf(state)]],
    [text.facts.amount, showAmount(state.payableAmount, state.currency, language)],
    [text.facts.delivery, showDelivery(content.delivery, language)],
    [text.facts.shipping, text.shipments[fulfilmentStatusOf(state)]],
  ];
  return html`<dl>${facts.map(
    ([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>
`,
  )}</dl>`;
};

/** The first thing that is read after a wrong answer; each line leads to its question. */
const errorSummary = ({ language, messages }: QuestionPage): Html | undefined => {
  if (!messages || messages.size === 0) return undefined;
  const items = [...messages].map(([number, message]) =>
    number === 0
      ? html`<li>${message}</li>`
      : html`<li><a href="#${idOf(number, 'question')}">${message}</a></li>`,
  );
  return html`<div class="wrong" role="alert" tabindex="-1" autofocus aria-labelledby="errors"><h2 id="errors">${texts[language].errorTitle}</h2><ul>${items}</ul></div>`;
};

const cancelForm = ({ language, action }: QuestionPage): Html => {
  const text = texts[language];
  return html`<h2 id="cancel-title">${text.cancelTitle}</h2>
<form method="post" action="${action}" aria-labelledby="cancel-title">
<input type="hidden" name="lang" value="${language}">
<p id="cancel-hint">${text.cancelHint}</p>
<div class="choice"><input type="checkbox" id="cancel" name="cancel" value="yes" required aria-describedby="cancel-hint"><label for="cancel">${text.cancelConfirm}</label></div>
<button type="submit" class="plain">${text.cancelSend}</button>
</form>`;
};

/** The open questions of an order as a form. */
export const questionPage = (page: QuestionPage): string => {
  const { language, questions, action, company, order } = page;
  const text = texts[language];
  const due = earliestDue(questions) ?? order.state.statusSince;
  const hasErrors = (page.messages?.size ?? 0) > 0;
  return layOutPage({
    language,
    title: `${hasErrors ? text.errorPrefix : ''}${text.title} · ${order.state.orderNumber}`,
    sender: company.name,
    otherLanguageUrl: page.otherLanguageUrl,
    main: html`<h1>${text.title}</h1>
${errorSummary(page)}
<p>${text.intro(showInstant(due, company.timeZone, language))}</p>
${factsOf(page)}
<form method="post" action="${action}">
<input type="hidden" name="lang" value="${language}">
${questions.map(question(page))}${waitingFindings(order.findings).map(
  (finding) => html`<p>${findingSentence(finding, language)}</p>
`,
)}<button type="submit">${text.send}</button>
</form>
${cancelForm(page)}`,
  });
};

type Told = 'answered' | 'passed' | 'cancelled';

/** What is shown once an answer is stored. */
export const thanksPage = (language: Language, sender: string, told: Told): string => {
  const text = texts[language];
  const title = told === 'cancelled' ? text.cancelTitle : text.thanks;
  return layOutPage({ language, title, sender, main: html`<h1>${title}</h1><p>${text[told]}</p>` });
};

/** One page for every link that opens nothing, whatever the reason. */
export const refusedPage = (language: Language): string => {
  const text = texts[language];
  return layOutPage({
    language,
    title: text.refusedTitle,
    main: html`<h1>${text.refusedTitle}</h1><p>${text.refused}</p>`,
  });
};

export const failedPage = (language: Language): string => {
  const text = texts[language];
  return layOutPage({
    language,
    title: text.failedTitle,
    main: html`<h1>${text.failedTitle}</h1><p>${text.failed}</p>`,
  });
};
