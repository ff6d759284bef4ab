import type { ResourceRegistry } from '../resources/ResourceRegistry';
import { apiVersionOf } from '../resources/ResourceRegistry';
import type { ApiAnswer } from '../requests/types';
import { REVIEWS } from '../verbs/reviews';
import type { JsonObject } from '../json';

const VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.1-sandbox',
  gitCommit: 'sandbox',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

const TOKEN = {
  name: 'serviceaccounts/token',
  singularName: '',
  namespaced: true,
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  verbs: ['create'],
};

function groupVersions(registry: ResourceRegistry): Map<string, string[]> {
  const groups = registry.groups();
  for (const { group } of REVIEWS) {
    groups.set(group, ['v1']);
  }
  return groups;
}

function describeGroup(name: string, versions: string[]): JsonObject {
  const described = versions.map(version => ({
    groupVersion: apiVersionOf(name, version),
    version,
  }));
  return { name, versions: described, preferredVersion: described[0] };
}

/** Resources of one group and version, subresources and reviews included. */
function listResources(
  registry: ResourceRegistry,
  group: string,
  version: string,
): JsonObject[] {
  const kinds = registry.types().flatMap(type => {
    const served = type.versions.find(({ name }) => name === version);
    if (type.group !== group || !served) {
      return [];
    }
    const { namespaced, kind } = type;
    const status = {
      name: `${type.plural}/status`,
      singularName: '',
      namespaced,
      kind,
      verbs: ['get', 'patch', 'update'],
    };
    const main = {
      name: type.plural,
      singularName: type.singular,
      namespaced,
      kind,
      verbs: VERBS,
      ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
      ...(type.categories.length > 0 ? { categories: type.categories } : {}),
    };
    return served.status ? [main, status] : [main];
  });
  const reviews = REVIEWS.filter(review => review.group === group).map(
    ({ plural, kind }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: false,
      kind,
      verbs: ['create'],
    }),
  );
  return [...kinds, ...reviews, ...(group === '' ? [TOKEN] : [])];
}

function ok(body: JsonObject | string): ApiAnswer {
  return { status: 200, body };
}

/** Answers discovery, version and health paths; undefined for a path nobody serves. */
export function answerDiscovery(
  path: string,
  registry: ResourceRegistry,
): ApiAnswer | undefined {
  const trimmed = path.replace(/\/$/, '');
  switch (trimmed) {
    case '/version':
      return ok(VERSION);
    case '/healthz':
    case '/livez':
    case '/readyz':
      return { ...ok('ok'), contentType: 'text/plain; charset=utf-8' };
    case '/api':
      return ok({
        kind: 'APIVersions',
        versions: ['v1'],
        serverAddressByClientCIDRs: [],
      });
    case '/apis':
      return ok({
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: [...groupVersions(registry)].map(([name, versions]) =>
          describeGroup(name, versions),
        ),
      });
    default:
      return answerGroup(trimmed, registry);
  }
}

function answerGroup(
  path: string,
  registry: ResourceRegistry,
): ApiAnswer | undefined {
  const match = /^\/(?:api\/(v1)|apis\/([^/]+)(?:\/([^/]+))?)$/.exec(path);
  if (!match) {
    return undefined;
  }
  const group = match[2] ?? '';
  const version = match[1] ?? match[3];
  const versions = group === '' ? ['v1'] : groupVersions(registry).get(group);
  if (!versions || (version !== undefined && !versions.includes(version))) {
    return undefined;
  }
  if (version === undefined) {
    return ok({
      kind: 'APIGroup',
      apiVersion: 'v1',
      ...describeGroup(group, versions),
    });
  }
  return ok({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(group, version),
    resources: listResources(registry, group, version),
  });
}
