import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes `schemas/github.json`: of GitHub's published OpenAPI description (npm: `@octokit/openapi`,
 * `generated/api.github.com.json`) the operations that the Git host speaks, with the schemas they
 * refer to and the published example answers.
 *
 * Usage: node --import tsx scripts/extractGitHubApi.ts PATH/TO/api.github.com.json
 */
const REPO = '/repos/{owner}/{repo}';
const WANTED: [method: string, path: string, status: string][] = [
  ['get', `${REPO}/git/ref/{ref}`, '200'],
  ['get', `${REPO}/git/commits/{commit_sha}`, '200'],
  ['get', `${REPO}/git/trees/{tree_sha}`, '200'],
  ['get', `${REPO}/git/blobs/{file_sha}`, '200'],
  ['post', `${REPO}/git/trees`, '201'],
  ['post', `${REPO}/git/commits`, '201'],
  ['post', `${REPO}/git/refs`, '201'],
  ['get', `${REPO}/pulls`, '200'],
  ['post', `${REPO}/pulls`, '201'],
  ['get', `${REPO}/pulls/{pull_number}`, '200'],
  ['patch', `${REPO}/pulls/{pull_number}`, '200'],
];

type Json = Record<string, unknown>;

const [path] = process.argv.slice(2);
const api = JSON.parse(readFileSync(path, 'utf8'));
const schemas: Json = {};

/** Without prose, which is most of the description's size. */
function keep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keep);
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { $ref?: string };
  if ($ref?.startsWith('#/components/schemas/')) {
    const name = $ref.slice('#/components/schemas/'.length);
    if (!(name in schemas)) {
      schemas[name] = {};
      schemas[name] = keep(api.components.schemas[name]);
    }
    return { $ref: `#/definitions/${name}` };
  }
  const entries = Object.entries(value).filter(
    ([key, item]) =>
      !(
        (key === 'description' || key === 'title') &&
        typeof item === 'string'
      ) && !['example', 'examples', 'externalDocs'].includes(key),
  );
  return Object.fromEntries(entries.map(([key, item]) => [key, keep(item)]));
}

function exampleOf(content: {
  examples?: Record<string, { $ref?: string; value?: unknown }>;
}): unknown {
  const [first] = Object.values(content.examples ?? {});
  if (!first?.$ref) return first?.value;
  const name = first.$ref.slice('#/components/examples/'.length);
  return api.components.examples[name].value;
}

const operations = WANTED.map(([method, template, status]) => {
  const operation = api.paths[template][method];
  const content = operation.responses[status].content['application/json'];
  return {
    method,
    path: template,
    request: keep(
      operation.requestBody?.content['application/json'].schema ?? null,
    ),
    status: Number(status),
    response: keep(content.schema),
    example: exampleOf(content),
  };
});

writeFileSync(
  join(__dirname, '..', 'schemas', 'github.json'),
  `${JSON.stringify({
    source: `@octokit/openapi ${api.info.version}, ${api.info.title}`,
    operations,
    definitions: schemas,
  })}\n`,
);
