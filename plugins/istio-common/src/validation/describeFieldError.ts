import type { FieldError } from '../schema/fieldErrors';

/** Label, value where one is printed, detail. */
const PARTS =
  /^(?:Invalid|Unsupported|Duplicate) value: (?:("(?:[^"\\]|\\.)*"|-?[\d.]+|null|true|false|\{.*?\})(?:: |$))?(.*)$/s;

/** The API server's words for a field in the form of the other validators' lines: the path, what must be, what is. */
export function describeFieldError(error: FieldError): string {
  const { field, message } = error;
  const alternatives = /"([^"]*)" must validate .*Found (none)?/.exec(message);
  if (alternatives) {
    const [, place, none] = alternatives;
    const fits = none ? 'fits none' : 'fits more than one';
    return `${place}: ${fits} of the forms that are allowed`;
  }
  const [, value, detail = message] = PARTS.exec(message) ?? [];
  const path = field === '<nil>' ? 'spec' : field;
  return `${path}: ${wordDetail(error, detail, value)}`;
}

function wordDetail(
  { reason, field }: FieldError,
  detail: string,
  value: string | undefined,
): string {
  if (reason === 'FieldValueRequired') {
    return 'is required';
  }
  if (reason === 'FieldValueDuplicate') {
    return `is there a second time: ${value}`;
  }
  if (reason === 'FieldValueNotSupported') {
    const names = detail.replace('supported values: ', '');
    return `must be one of ${names}, it is ${value}`;
  }
  // A rule that cannot be evaluated, mostly because what it asks for is not there, refuses too.
  const rule = / evaluating rule: (.*)$/s.exec(detail);
  if (rule) {
    return rule[1];
  }
  const wrongType = /in body must be of type (.*): "(.*)"$/.exec(detail);
  if (wrongType) {
    return `must be of type ${wrongType[1]}, it is ${wrongType[2]}`;
  }
  const says = detail
    .replace(/^Too (?:many|long): (?:\d+: )?/, '')
    .replace(`${field} in body `, '')
    .replace(/^should /, 'must ');
  return value === undefined || value === '""'
    ? says
    : `${says}, it is ${value}`;
}
