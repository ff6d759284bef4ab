import type { ResourceRegistry } from '../resources/ResourceRegistry';
import { apiVersionOf } from '../resources/ResourceRegistry';
import type { ApiAnswer } from '../requests/types';
import type { JsonObject } from '../json';

const PARAMETERS = [
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'pretty',
].map(name => ({ name, in: 'query', schema: { type: 'string' } }));

/**
 * Just enough OpenAPI v3 for kubectl to learn that the server checks fields itself: paths with their PATCH
 * parameters, no schemas. OpenAPI v2 is not served.
 */
export function answerOpenApi(
  path: string,
  registry: ResourceRegistry,
): ApiAnswer | undefined {
  const versions = new Set(
    registry
      .types()
      .flatMap(type =>
        type.versions.map(({ name }) => apiVersionOf(type.group, name)),
      ),
  );
  const pathOf = (apiVersion: string) =>
    apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
  if (path === '/openapi/v3') {
    const paths = [...versions].map(version => [
      pathOf(version),
      { serverRelativeURL: `/openapi/v3/${pathOf(version)}` },
    ]);
    return { status: 200, body: { paths: Object.fromEntries(paths) } };
  }
  const wanted = [...versions].find(
    version => path === `/openapi/v3/${pathOf(version)}`,
  );
  return wanted === undefined
    ? undefined
    : { status: 200, body: describeVersion(wanted, registry) };
}

function describeVersion(
  apiVersion: string,
  registry: ResourceRegistry,
): JsonObject {
  const paths: JsonObject = {};
  for (const type of registry.types()) {
    for (const { name } of type.versions) {
      if (apiVersionOf(type.group, name) === apiVersion) {
        const base = type.group ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        const scope = type.namespaced ? '/namespaces/{namespace}' : '';
        paths[`${base}${scope}/${type.plural}/{name}`] = {
          patch: {
            parameters: PARAMETERS,
            responses: {},
            'x-kubernetes-action': 'patch',
            'x-kubernetes-group-version-kind': {
              group: type.group,
              version: name,
              kind: type.kind,
            },
          },
        };
      }
    }
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes sandbox', version: 'v1.36.1' },
    paths,
    components: { schemas: {} },
  };
}
