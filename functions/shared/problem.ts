import type { Problem } from '../../domain/findings/finding.ts';
import { findingSentence } from '../../domain/findings/finding-messages.ts';
import { type Status, transitions } from '../../domain/orders/status.ts';
import type { Language, Text } from '../../domain/values/languages.ts';

/** Problem types of the API, contract §3: the suffix of `type`, its status and its title. */
export const problemTypes = {
  'malformed-json': { status: 400, title: { 'zh-CN': '请求体不是有效的 JSON', en: 'The body is not JSON' } },
  'idempotency-key-missing': {
    status: 400,
    title: { 'zh-CN': '缺少有效的 Idempotency-Key 请求头', en: 'A valid Idempotency-Key header is required' },
  },
  'invalid-parameter': {
    status: 400,
    title: { 'zh-CN': '查询参数无效', en: 'A query parameter is not valid' },
  },
  unauthenticated: { status: 401, title: { 'zh-CN': '未通过身份验证', en: 'Not authenticated' } },
  forbidden: { status: 403, title: { 'zh-CN': '无权执行此操作', en: 'Not allowed' } },
  'not-found': { status: 404, title: { 'zh-CN': '未找到', en: 'Not found' } },
  'request-in-progress': {
    status: 409,
    title: { 'zh-CN': '相同请求正在处理', en: 'The same request is being processed' },
  },
  'duplicate-order-reference': {
    status: 409,
    title: { 'zh-CN': '客户订单号已用于另一订单', en: 'The reference is taken by another order' },
  },
  'illegal-transition': {
    status: 409,
    title: { 'zh-CN': '当前状态不允许此操作', en: 'The order’s status does not allow this' },
  },
  'validation-outdated': {
    status: 409,
    title: { 'zh-CN': '校验之后情况有变', en: 'Something has changed since the order was validated' },
  },
  conflict: { status: 409, title: { 'zh-CN': '与已登记的内容冲突', en: 'In conflict with what is on file' } },
  'not-offered': {
    status: 409,
    title: { 'zh-CN': '此处不提供该操作', en: 'This is not offered here' },
  },
  'precondition-failed': {
    status: 412,
    title: { 'zh-CN': '内容已被他人更改', en: 'It was changed by someone else meanwhile' },
  },
  'too-large': { status: 413, title: { 'zh-CN': '请求体过大', en: 'The body is too large' } },
  'unsupported-media-type': {
    status: 415,
    title: { 'zh-CN': '不接受此媒体类型的请求体', en: 'The body is of a media type that is not taken here' },
  },
  'validation-failed': { status: 422, title: { 'zh-CN': '内容无效', en: 'The content is not valid' } },
  'idempotency-key-reused': {
    status: 422,
    title: {
      'zh-CN': 'Idempotency-Key 已用于其他内容',
      en: 'The Idempotency-Key was used with other content',
    },
  },
  'validation-token-invalid': {
    status: 422,
    title: { 'zh-CN': 'validationToken 无效', en: 'The validationToken was not issued here' },
  },
  'validation-token-foreign': {
    status: 422,
    title: { 'zh-CN': 'validationToken 属于其他合作方', en: 'The validationToken is another partner’s' },
  },
  'validation-token-expired': {
    status: 422,
    title: {
      'zh-CN': 'validationToken 已过期,请重新校验',
      en: 'The validationToken has expired, please validate again',
    },
  },
  'validation-token-mismatch': {
    status: 422,
    title: {
      'zh-CN': 'validationToken 对应的内容不同',
      en: 'The order is not the one that the validationToken is for',
    },
  },
  'precondition-required': {
    status: 428,
    title: {
      'zh-CN': '缺少 If-Match 请求头:请注明所依据的版本',
      en: 'An If-Match header must name the version that the change is made to',
    },
  },
  /** Told by the gateway alone, like most refusals of callers. */
  'rate-limited': { status: 429, title: { 'zh-CN': '请求过于频繁', en: 'Too many requests' } },
  unavailable: {
    status: 503,
    title: { 'zh-CN': '服务暂时不可用,请稍后重试', en: 'Temporarily unavailable, please try again' },
  },
  internal: { status: 500, title: { 'zh-CN': '内部错误', en: 'Internal error' } },
} as const satisfies Record<string, { status: number; title: Text }>;

export type ProblemType = keyof typeof problemTypes;

/** An answer that is not a success: thrown by handlers, told as RFC 9457 by httpHandler. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly type: ProblemType;
  readonly members: Record<string, unknown>;
  readonly problems: readonly Problem[];
  readonly status: number;

  constructor(type: ProblemType, members: Record<string, unknown> = {}, problems: readonly Problem[] = []) {
    super(type);
    this.type = type;
    this.members = members;
    this.problems = problems;
    this.status = problemTypes[type].status;
  }
}

/** The problem for a change that an order's status does not allow. */
export const illegalTransition = (status: Status, members: Record<string, unknown> = {}): HttpProblem =>
  new HttpProblem('illegal-transition', { currentStatus: status, allowed: transitions[status], ...members });

/** The problem for a list of problems of a body: all of them at once. */
export const validationFailed = (problems: readonly Problem[]): HttpProblem =>
  new HttpProblem('validation-failed', {}, problems);

const errorMember = (problem: Problem, language: Language) => ({
  pointer: problem.pointer,
  code: problem.code,
  detail: findingSentence(problem, language),
  ...(problem.value !== undefined && { value: problem.value }),
  ...(problem.suggestion !== undefined && { suggestion: problem.suggestion }),
});

const countText = (count: number): Text => ({
  'zh-CN': `共 ${count} 处问题`,
  en: count === 1 ? '1 problem' : `${count} problems`,
});

/** RFC 9457 members of a problem, in the language the caller asked for. */
export const problemBody = (
  problem: HttpProblem,
  request: { path: string; requestId: string; language: Language },
) => ({
  type: `https://docs.example.com/problems/${problem.type}`,
  title: problemTypes[problem.type].title[request.language],
  status: problem.status,
  ...(problem.problems.length > 0 && { detail: countText(problem.problems.length)[request.language] }),
  instance: `${request.path}#${request.requestId}`,
  requestId: request.requestId,
  ...problem.members,
  ...(problem.problems.length > 0 && {
    errors: problem.problems.map((item) => errorMember(item, request.language)),
  }),
});
