import Ajv, { type ValidateFunction } from 'ajv';
import gitHubApi from '../../schemas/github.json';
import gitLabApi from '../../schemas/gitlab.json';
import type { ForgeName } from './forge';
import type { Exchange } from './startGitHost';

interface Operation {
  method: string;
  path: string;
  /** Parameters of the query; absent where they are not described. */
  query?: object;
  request: object | null;
  status: number;
  response: object;
}

interface PublishedApi {
  /** What stands before the part of a path that a repository's own begins with. */
  repository: string;
  operations: readonly Operation[];
  definitions: object;
}

/** Of an exchange: what it should be, where that is described, and what it is. */
interface Part {
  what: 'query' | 'request' | 'answer';
  schema?: object | null;
  value: unknown;
}

const APIS: Record<ForgeName, PublishedApi> = {
  GitHub: { repository: '/repos/{owner}/{repo}', ...gitHubApi },
  GitLab: { repository: '/projects/{id}', ...gitLabApi },
};

const options = { strict: false, validateFormats: false, allErrors: true };
const ajv = new Ajv(options);
/** A query is text; what it has to be is said as of JSON. */
const queryAjv = new Ajv({ ...options, coerceTypes: true });
const compiled = new Map<object, ValidateFunction>();

/** What of a request or its answer the forge's published API does not allow; nothing when all is well. */
export function checkExchange(exchange: Exchange): string[] {
  const { method, status, forge, query } = exchange;
  const api = APIS[forge];
  const name = `${forge}: ${method} ${exchange.path}`;
  const operation = findOperation(exchange);
  if (!operation) return [`${name}: there is no such operation`];
  const check = (part: Part) =>
    validate({ ...part, definitions: api.definitions }).map(
      problem => `${name}, ${part.what}${problem}`,
    );
  const asked = [
    ...check({ what: 'query', schema: operation.query, value: { ...query } }),
    ...check({
      what: 'request',
      schema: operation.request,
      value: exchange.body,
    }),
  ];
  if (status >= 300) return asked;
  return [
    ...asked,
    ...(status === operation.status
      ? []
      : [`${name}: answers ${operation.status}, not ${status}`]),
    ...check({
      what: 'answer',
      schema: operation.response,
      value: exchange.answer,
    }),
  ];
}

function findOperation({
  forge,
  method,
  path,
}: Exchange): Operation | undefined {
  const { repository, operations } = APIS[forge];
  return operations.find(
    each =>
      each.method === method.toLowerCase() &&
      new RegExp(
        `^${each.path
          .replace(repository, '')
          // Of GitHub's paths only a reference may hold slashes; of GitLab's nothing.
          .replace('{ref}', '.+')
          .replace(/\{\w+\}/g, '[^/]+')}$`,
      ).test(path),
  );
}

function validate({
  what,
  schema,
  value,
  definitions,
}: Part & { definitions: object }): string[] {
  if (!schema) return [];
  const run =
    compiled.get(schema) ??
    (what === 'query' ? queryAjv : ajv).compile({ ...schema, definitions });
  compiled.set(schema, run);
  run(value);
  return (run.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath}: ${message}${
        'additionalProperty' in params ? ` (${params.additionalProperty})` : ''
      }`,
  );
}
