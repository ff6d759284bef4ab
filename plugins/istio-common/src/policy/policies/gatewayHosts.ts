import { hostsOverlap } from '../../resources/hostPattern';
import { describeObject, objectKey } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import { holdsGatewayHost } from '../heldHosts';
import { judgeObjects, type ObjectVerdict } from '../judgeObjects';
import { ownedBy } from '../ownedBy';
import type { OwnedHosts } from '../ownedHosts';
import {
  type GatewayListener,
  readGatewayListeners,
} from '../readGatewayListeners';
import { isPlatform } from '../isPlatform';
import type { GuardrailSettings } from '../settings';
import type { Policy } from '../types';

/**
 * A Gateway opens ports and hosts for the world, and can do so on a gateway that other teams share: Istio
 * merges servers of all Gateways of one port, so a host of others could be taken, and a certificate of
 * others presented (CVE-2021-34824 was of that kind).
 */
export const gatewayHosts: Policy = {
  id: 'gateway-hosts',
  description: "Gateways open only the team's hosts, ports and certificates",
  version: 1,
  evaluate(input) {
    const byPlatform = isPlatform(input);
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ after }) =>
        after !== undefined && readGatewayListeners(after).length > 0,
      judge: ({ operation, after }) => {
        const listeners =
          after && !byPlatform ? readGatewayListeners(after) : [];
        if (!after || listeners.length === 0) {
          return [];
        }
        const owner = ownedBy(input, operation);
        return owner
          ? listeners.flatMap(listener =>
              judge(listener, {
                ...owner,
                gateway: after,
                settings: input.settings,
              }),
            )
          : [
              {
                verdict: 'deny',
                text: `There is no data of ${
                  operation.object.cluster
                } to tell whose hosts ${describeObject(after)} opens`,
              },
            ];
      },
      pass: "No Gateway opens more than the team's hosts",
    });
  },
};

interface World {
  gateway: KubeObject;
  owned: OwnedHosts;
  snapshot: MeshSnapshot;
  settings: GuardrailSettings;
}

function judge(listener: GatewayListener, world: World): ObjectVerdict[] {
  const { gateway, owned, settings } = world;
  const name = describeObject(gateway);
  const { path, port } = listener;
  const deny = (text: string): ObjectVerdict => ({
    verdict: 'deny',
    path,
    text,
  });
  return [
    ...listener.hosts.flatMap(host => judgeHost(host, { ...world, listener })),
    ...(port === undefined || settings.gatewayPorts.includes(port)
      ? []
      : [
          deny(
            `Port ${port} of ${name} is not open to teams; ${settings.gatewayPorts.join(
              ', ',
            )} are`,
          ),
        ]),
    ...listener.credentials
      .filter(credential => !owned.team.credentialNames.includes(credential))
      .map(credential =>
        deny(
          `Certificate ${credential} of ${name} is not on the team's list (${
            owned.team.credentialNames.join(', ') || 'nothing is'
          })`,
        ),
      ),
  ];
}

function judgeHost(
  host: string,
  world: World & { listener: GatewayListener },
): ObjectVerdict[] {
  const { gateway, owned, snapshot, listener } = world;
  const name = describeObject(gateway);
  const { path } = listener;
  if (!holdsGatewayHost(host, { team: owned.team, snapshot })) {
    return [
      {
        verdict: 'deny',
        path,
        text: `Host ${host} of ${name} is not on the team's list of gateway hosts (${
          owned.team.gatewayHosts.join(', ') || 'nothing is'
        })`,
      },
    ];
  }
  const other = findOverlap(host, world);
  return other === undefined
    ? []
    : [
        {
          verdict: 'deny',
          path,
          text: `Host ${host} on port ${listener.port} of ${name} overlaps with ${other}`,
        },
      ];
}

/** "Gateway istio-ingress/shop, which opens *.example.com there" */
function findOverlap(
  host: string,
  { gateway, owned, snapshot, listener }: World & { listener: GatewayListener },
): string | undefined {
  for (const other of [
    ...snapshot.list('Gateway'),
    ...snapshot.list('KubernetesGateway'),
  ]) {
    const isForeign =
      objectKey(other) !== objectKey(gateway) &&
      !owned.namespaces.includes(other.metadata.namespace ?? '');
    for (const { port, hosts } of isForeign
      ? readGatewayListeners(other)
      : []) {
      const taken =
        port === listener.port
          ? hosts.find(each => hostsOverlap(each, host))
          : undefined;
      if (taken !== undefined) {
        return `${describeObject(other)}, which opens ${taken} there`;
      }
    }
  }
  return undefined;
}
