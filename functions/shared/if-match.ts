import type { HttpRequest } from './http-handler.ts';
import { HttpProblem } from './problem.ts';

/** Whether If-Match names a version; `*` names any. Throws HttpProblem when the header is not there. */
export const ifMatch = (headers: HttpRequest['headers']): ((version: number) => boolean) => {
  const tags = headers['if-match']?.split(',').map((tag) => tag.trim());
  if (!tags) throw new HttpProblem('precondition-required');
  return (version) => tags.includes('*') || tags.includes(`"${version}"`);
};
