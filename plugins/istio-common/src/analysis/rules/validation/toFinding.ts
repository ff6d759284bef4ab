import type { RuleFinding } from '../../types';

/** A line of the validation, `spec.hosts: must not be empty`, as a finding of that field. */
export function toFinding(line: string): RuleFinding {
  const colon = line.indexOf(': ');
  const path = line.slice(0, Math.max(colon, 0));
  const message = line.slice(colon < 0 ? 0 : colon + 2);
  return {
    path,
    message: `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`,
  };
}
