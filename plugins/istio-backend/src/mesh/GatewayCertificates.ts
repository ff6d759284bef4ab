import { isDeepStrictEqual } from 'node:util';
import {
  CertificateKnowledge,
  ExpiryDays,
  listGatewaySecrets,
  MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';
import type { CertificateReader } from '@istio-backstage/plugin-istio-node';

/** What is known of the certificates that a cluster's gateways name; the same object as long as it is the same. */
export class GatewayCertificates {
  private readonly known = new Map<string, CertificateKnowledge>();

  constructor(
    private readonly options: {
      reader: CertificateReader;
      days: ExpiryDays;
      /** Whether the cluster answers: of one that does not, what was read last is told at once. */
      isCurrent: (cluster: string) => boolean;
    },
  ) {}

  async of(snapshot: MeshSnapshot): Promise<CertificateKnowledge> {
    const { reader, days, isCurrent } = this.options;
    const { cluster } = snapshot;
    const readings = isCurrent(cluster)
      ? await reader.read({ cluster, secrets: listGatewaySecrets(snapshot) })
      : this.known.get(cluster)?.readings ?? [];
    const known = this.known.get(cluster);
    if (known && isDeepStrictEqual(known.readings, readings)) return known;
    const next = { readings, days };
    this.known.set(cluster, next);
    return next;
  }
}
