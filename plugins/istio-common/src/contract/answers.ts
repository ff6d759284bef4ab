/** Error cases that many routes share, in words for their description. */
export const FORBIDDEN =
  'The permission is missing, or the component is not visible.';
export const INVALID = 'A parameter or field is invalid; the message names it.';
