/** Error cases that many routes share, in words for their description. */
export const FORBIDDEN =
  'The permission is missing, or the component is not visible.';
export const INVALID = 'A parameter or field is invalid; the message names it.';

/** Media types of answers. */
export type AnswerType =
  | 'application/json'
  | 'application/x-ndjson'
  | 'application/zip'
  | 'text/event-stream';
