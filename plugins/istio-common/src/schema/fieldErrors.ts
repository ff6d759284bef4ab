/** Why a field is refused, in the API server's terms (`details.causes[].reason`). */
export type FieldErrorReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew';

/** One refused field; `message` has no field path. */
export interface FieldError {
  reason: FieldErrorReason;
  field: string;
  message: string;
}

const LABELS: Record<FieldErrorReason, string> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTooFew: 'Too few',
};

const WITHOUT_VALUE = new Set<FieldErrorReason>([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
]);

/** Builds an error worded as Kubernetes' field errors are: label, value, detail. */
export function fieldError(
  reason: FieldErrorReason,
  field: string,
  options: { value?: unknown; detail?: string } = {},
): FieldError {
  const parts = [LABELS[reason]];
  if (!WITHOUT_VALUE.has(reason)) {
    parts.push(JSON.stringify('value' in options ? options.value : ''));
  }
  if (options.detail) {
    parts.push(options.detail);
  }
  return { reason, field, message: parts.join(': ') };
}
