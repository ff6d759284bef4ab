import Ajv, { type ValidateFunction } from 'ajv';
import api from '../../schemas/github.json';
import type { Exchange } from './startGitHost';

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const compiled = new Map<object, ValidateFunction>();

/** What of a request or its answer GitHub's published API does not allow; nothing when all is well. */
export function checkExchange(exchange: Exchange): string[] {
  const { method, path, status } = exchange;
  const name = `${method} ${path}`;
  const operation = api.operations.find(
    each =>
      each.method === method.toLowerCase() &&
      new RegExp(
        `^${each.path
          .replace('/repos/{owner}/{repo}', '')
          .replace('{ref}', '.+')
          .replace(/\{\w+\}/g, '[^/]+')}$`,
      ).test(path),
  );
  if (!operation) return [`${name}: there is no such operation`];
  if (status >= 300) return [];
  return [
    ...(status === operation.status
      ? []
      : [`${name}: answers ${operation.status}, not ${status}`]),
    ...(operation.request
      ? check(operation.request, exchange.body, `${name}, request`)
      : []),
    ...check(operation.response, exchange.answer, `${name}, answer`),
  ];
}

function check(schema: object, value: unknown, name: string): string[] {
  const validate =
    compiled.get(schema) ??
    ajv.compile({ ...schema, definitions: api.definitions });
  compiled.set(schema, validate);
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${name}${instancePath}: ${message}`,
  );
}
