import { readFileSync } from 'node:fs';
import { KubeClient } from './KubeClient';

interface Kubeconfig {
  clusters: {
    cluster: { server: string; 'certificate-authority': string };
  }[];
  users: { user: { token: string } }[];
}

/** A client from a kubeconfig that the lab wrote, whose YAML is JSON. */
export function clientOf(file: string): KubeClient {
  const config: Kubeconfig = JSON.parse(readFileSync(file, 'utf8'));
  const { cluster } = config.clusters[0];
  return new KubeClient(
    cluster.server,
    config.users[0].user.token,
    readFileSync(cluster['certificate-authority']),
  );
}
