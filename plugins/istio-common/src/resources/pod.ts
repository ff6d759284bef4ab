import {
  Fields,
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  textsOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { KubeObject } from './types';

/** How traffic of a pod gets into the mesh. */
export type PodProxy = 'sidecar' | 'gateway' | 'ambient' | 'none';

/** A port that a container declares. */
export interface ContainerPort {
  port: number;
  name?: string;
}

/** The fields of a Pod that health and encryption need. */
export interface PodView {
  ready: boolean;
  /** Being deleted, or ended: it serves nobody. */
  gone: boolean;
  proxy: PodProxy;
  /** Tag of the proxy's image without variant, `1.31.0`. */
  proxyVersion?: string;
  /** Of the control plane that injected it, or that its label asks for; undefined where nothing says. */
  revision?: string;
  serviceAccount?: string;
  /** Ports of the application's containers, without the proxy's own. */
  ports: ContainerPort[];
}

/** Name of Istio's proxy container, in every injected pod. */
export const PROXY_CONTAINER = 'istio-proxy';
/** Set by Istio's CNI agent on pods whose traffic ztunnel captures: the evidence, where labels are only the wish. */
export const AMBIENT_REDIRECTION = 'ambient.istio.io/redirection';

/** The fields of a Pod that health and encryption need. */
export const readPod = memoizeByIdentity((object: KubeObject): PodView => {
  const spec = fieldsOf(object.spec);
  const status = fieldsOf(object.status);
  const proxy = findProxyContainer(spec);
  const view: PodView = {
    ready: fieldsListOf(status.conditions).some(
      condition => condition.type === 'Ready' && condition.status === 'True',
    ),
    gone:
      object.metadata.deletionTimestamp !== undefined ||
      status.phase === 'Succeeded' ||
      status.phase === 'Failed',
    proxy: resolveProxy(object, proxy),
    ports: readContainerPorts(spec),
  };
  const version = proxy && imageVersion(textOf(proxy.image));
  if (version) {
    view.proxyVersion = version;
  }
  const revision = readRevision(object);
  if (revision) {
    view.revision = revision;
  }
  const serviceAccount = textOf(spec.serviceAccountName);
  if (serviceAccount) {
    view.serviceAccount = serviceAccount;
  }
  return view;
});

/** The injector's own note beats the label, which may be a tag. */
function readRevision({ metadata }: KubeObject): string | undefined {
  const status = metadata.annotations?.['sidecar.istio.io/status'];
  const noted = /"revision":\s*"([^"]+)"/.exec(status ?? '')?.[1];
  return noted ?? metadata.labels?.['istio.io/rev'];
}

/** Ports that the application's containers of a pod spec declare. */
export function readContainerPorts(podSpec: Fields): ContainerPort[] {
  return fieldsListOf(podSpec.containers)
    .filter(container => container.name !== PROXY_CONTAINER)
    .flatMap(container => fieldsListOf(container.ports))
    .flatMap(port => {
      const number = numberOf(port.containerPort);
      if (number === undefined || port.protocol === 'UDP') {
        return [];
      }
      const name = textOf(port.name);
      return [name ? { port: number, name } : { port: number }];
    });
}

/** The proxy is a container, or since native sidecars an init container that keeps running. */
function findProxyContainer(podSpec: Fields): Fields | undefined {
  return [
    ...fieldsListOf(podSpec.containers),
    ...fieldsListOf(podSpec.initContainers).filter(
      container => container.restartPolicy === 'Always',
    ),
  ].find(container => container.name === PROXY_CONTAINER);
}

/** A sidecar stands beside an application; a proxy that is alone in its pod, or says another role, is a gateway. */
function resolveProxy(object: KubeObject, proxy: Fields | undefined): PodProxy {
  if (proxy) {
    const [firstArgument, role] = textsOf(proxy.args);
    const otherRole =
      firstArgument === 'proxy' && role !== undefined && role !== 'sidecar';
    const alone = fieldsListOf(fieldsOf(object.spec).containers).every(
      ({ name }) => name === PROXY_CONTAINER,
    );
    return otherRole || alone ? 'gateway' : 'sidecar';
  }
  return object.metadata.annotations?.[AMBIENT_REDIRECTION] === 'enabled'
    ? 'ambient'
    : 'none';
}

/** `docker.io/istio/proxyv2:1.31.0-distroless@sha256:…` is `1.31.0`; an image without tag says nothing. */
export function imageVersion(image: string | undefined): string | undefined {
  const [name] = (image ?? '').split('@');
  const tag = /:(\w[\w.-]*)$/.exec(name)?.[1];
  return tag?.replace(/-(distroless|debug)$/, '');
}
