import type { Answer, ApiCall, ApiRequest } from './forge';

/** An operation: its method, its path with what it catches, and what it answers. */
export type Route = [
  method: string,
  path: RegExp,
  answer: (call: ApiCall) => Answer,
];

/**
 * The answer of the first route that fits; undefined where there is none. Paths are matched with their
 * escapes, because a branch with a slash is one segment; what is caught has them no more.
 */
export function answerBy(
  api: {
    routes: readonly Route[];
    /** What a route threw in the forge's words; throws what is no refusal. */
    refuse: (error: unknown) => Answer;
  },
  request: ApiRequest,
): Answer | undefined {
  for (const [method, path, answer] of api.routes) {
    const match = method === request.method && path.exec(request.path);
    if (match) {
      try {
        return answer({
          ...request,
          found: decodeURIComponent(match[1] ?? ''),
        });
      } catch (error) {
        return api.refuse(error);
      }
    }
  }
  return undefined;
}
