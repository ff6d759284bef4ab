import { TokenAuthenticator } from './auth/authenticate';
import { RbacAuthorizer } from './auth/RbacAuthorizer';
import { DefaultFaultInjector } from './faults/DefaultFaultInjector';
import { RequestServer } from './requests/RequestServer';
import type { Server } from './requests/types';
import { ResourceRegistry } from './resources/ResourceRegistry';
import { SchemaCatalog } from './resources/SchemaCatalog';
import { clusterObjects, istioObjects } from './store/builtInObjects';
import { MemoryStore } from './store/MemoryStore';
import { SeededStore } from './store/SeededStore';
import type {
  KubeObject,
  KubernetesCluster,
  KubernetesClusterOptions,
} from './types';

const COMPACT_AFTER = 10_000;
const BOOKMARK_EVERY_MS = 60_000;

function buildServer(options: KubernetesClusterOptions): Server {
  const { name, clock } = options;
  const store = new MemoryStore({
    name,
    clock,
    compactAfter: options.compactAfter ?? COMPACT_AFTER,
  });
  return {
    name,
    clock,
    store,
    registry: new ResourceRegistry(SchemaCatalog.load()),
    authenticator: new TokenAuthenticator(options.users, clock),
    authorizer: new RbacAuthorizer(store),
    admission: options.admission,
    podListener: options.podListener,
    bookmarkEveryMs: options.bookmarkEveryMs ?? BOOKMARK_EVERY_MS,
  };
}

function identity(object: KubeObject): string {
  const { namespace = '', name } = object.metadata;
  return `${object.apiVersion}|${object.kind}|${namespace}|${name}`;
}

/** Built-in objects, the world's in place of those of the same name, namespaces first. */
function seedsOf(world: KubeObject[]): KubeObject[] {
  const own = new Set(world.map(identity));
  const builtIn = [...clusterObjects(), ...istioObjects()].filter(
    object => !own.has(identity(object)),
  );
  const all = [...builtIn, ...world];
  const isNamespace = (object: KubeObject) => object.kind === 'Namespace';
  return [
    ...all.filter(isNamespace),
    ...all.filter(object => !isNamespace(object)),
  ];
}

/**
 * A Kubernetes API server in memory: discovery, reads, watches, writes with ownership, RBAC, impersonation, CRD
 * validation of Istio and Gateway API, dry run, faults. What it does and what it refuses is in README.md beside this.
 * @throws Error for a seed object of an unknown kind, in a namespace that does not exist, or against its schema.
 */
export function createKubernetesCluster(
  options: KubernetesClusterOptions,
): KubernetesCluster {
  const server = buildServer(options);
  const store = new SeededStore(server, options.validateSeeds ?? true);
  seedsOf(options.objects).forEach(object => store.apply(object));
  // Nobody has watched yet: a version from before the start cannot be replayed.
  server.store.compact();
  const faults = new DefaultFaultInjector();
  const requests = new RequestServer(server, faults);
  faults.onDead = () => requests.cutAll();
  return {
    name: options.name,
    handler: (request, response) => requests.handle(request, response),
    upgrade: (request, socket, head) => requests.upgrade(request, socket, head),
    store,
    faults,
    audit: requests.audit,
    compact: () => server.store.compact(),
    close: () => requests.cutAll(),
  };
}
