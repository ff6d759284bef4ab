import type {
  ComponentMesh,
  ServiceMatch,
} from '@istio-backstage/plugin-istio-common';
import { silentClusters } from './silentClusters';

/** Services of the component by host, and in which clusters each can be changed. */
export function serviceChoice(
  mesh: Pick<ComponentMesh, 'match' | 'clusters'>,
  host: string | undefined,
): {
  hosts: string[];
  service?: ServiceMatch;
  choice: string[];
  silent: string[];
  /** Of the choice, those that answer. */
  answering: string[];
} {
  const { services } = mesh.match;
  const hosts = [...new Set(services.map(each => each.host))];
  const here = services.filter(each => each.host === (host ?? hosts[0]));
  const choice = [...new Set(here.map(({ cluster }) => cluster))];
  const silent = silentClusters(mesh);
  return {
    hosts,
    ...(here[0] && { service: here[0] }),
    choice,
    silent,
    answering: choice.filter(name => !silent.includes(name)),
  };
}
