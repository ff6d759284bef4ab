import { invalidOptions } from '../requests/ApiError';
import type { ResourceRequest } from '../requests/types';
import {
  fieldError,
  type FieldError,
} from '@istio-backstage/plugin-istio-common/schema';

export interface WriteOptions {
  dryRun: boolean;
  /** What happens to fields the schema does not know. */
  fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** Name in `managedFields`. */
  manager: string;
}

function listedIn<T extends string>(
  field: string,
  value: string,
  allowed: T[],
): FieldError[] {
  if ((allowed as string[]).includes(value)) {
    return [];
  }
  const names = allowed.map(name => JSON.stringify(name)).join(', ');
  const detail = `supported values: ${names}`;
  return [fieldError('FieldValueNotSupported', field, { value, detail })];
}

/** @throws ApiError 422 for an unknown `dryRun` value. */
export function readDryRun(kind: string, values: string[]): boolean {
  const wrong = values.filter(value => value !== 'All');
  if (wrong.length > 0) {
    const detail = 'supported values: "All"';
    throw invalidOptions(kind, [
      fieldError('FieldValueNotSupported', 'dryRun', { value: values, detail }),
    ]);
  }
  return values.length > 0;
}

/** The first part of the User-Agent stands in for a manager that the client did not name. */
function defaultManager(userAgent: string | undefined): string {
  return (userAgent ?? 'unknown').split('/')[0] || 'unknown';
}

/** @throws ApiError 422 for values that Kubernetes refuses. */
export function readWriteOptions(
  request: ResourceRequest,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
): WriteOptions {
  const { query } = request.info;
  const dryRun = readDryRun(kind, query.getAll('dryRun'));
  const validation = query.get('fieldValidation') || 'Warn';
  const manager = query.get('fieldManager') ?? '';
  const errors = listedIn('fieldValidation', validation, [
    '',
    'Ignore',
    'Strict',
    'Warn',
  ]);
  if (manager.length > 128) {
    const detail = 'may not be more than 128 bytes';
    errors.push(fieldError('FieldValueTooLong', 'fieldManager', { detail }));
  }
  if (errors.length > 0) {
    throw invalidOptions(kind, errors);
  }
  return {
    dryRun,
    fieldValidation: validation as WriteOptions['fieldValidation'],
    manager: manager || defaultManager(request.request.headers['user-agent']),
  };
}
