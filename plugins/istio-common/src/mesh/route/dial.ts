import { isIpAddress } from '../../resources/host';
import { ProxyView } from './proxyView';
import { scopeService } from './scopeServices';
import { MeshService } from './serviceModel';

/** What a name leads to, as the caller's resolver answers. */
export interface Dialled {
  /** Undefined: an address the mesh does not know. */
  address?: string;
  service?: MeshService;
}

/** Resolves the host as in the client's pod, among what its proxy knows; a headless Service is dialled by its pods. */
export function dial(view: ProxyView, host: string): Dialled {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (isIpAddress(name)) {
    return { address: name };
  }
  const { domain } = view.snapshot;
  for (const candidate of [
    name,
    `${name}.${view.namespace}.svc.${domain}`,
    `${name}.svc.${domain}`,
    `${name}.${domain}`,
  ]) {
    const service = scopeService(view, candidate);
    if (service) {
      const [address] = service.addresses;
      return address === undefined ? { service } : { address, service };
    }
  }
  return dialPod(view, name);
}

/** A pod of a headless Service by its own name. */
function dialPod(view: ProxyView, name: string): Dialled {
  const dot = name.indexOf('.');
  if (dot < 0) {
    return {};
  }
  const { service } = dial(view, name.slice(dot + 1));
  return service && isHeadless(service) ? { service } : {};
}

/** A Service whose pods are dialled one by one. */
export function isHeadless(service: MeshService): boolean {
  return (
    service.registry === 'kubernetes' && service.resolution === 'passthrough'
  );
}
