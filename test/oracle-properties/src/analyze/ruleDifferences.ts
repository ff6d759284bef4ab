import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { World } from '../world/World';
import type { Difference } from './differences';
import {
  findGateway,
  fullHost,
  listOf,
  routingOf,
  writtenDestinations,
} from './facts';
import { ruleOf } from './meanings';
import { ineffectiveMatches } from './writtenMatches';

const hostsOf = (object: KubeObject) =>
  (routingOf(object).hosts ?? []).map(host => fullHost(object, host));

const isForMesh = (object: KubeObject) =>
  (routingOf(object).gateways ?? ['mesh']).includes('mesh');

/** Namespaces that see the object; undefined: all. */
function seenBy(object: KubeObject): readonly string[] | undefined {
  const { exportTo = [] } = routingOf(object);
  return exportTo.length === 0 || exportTo.includes('*')
    ? undefined
    : exportTo.map(name =>
        name === '.' ? object.metadata.namespace ?? '' : name,
      );
}

function meet(one: KubeObject, other: KubeObject): boolean {
  const [a, b] = [seenBy(one), seenBy(other)];
  return !a || !b || a.some(namespace => b.includes(namespace));
}

/** Whether another VirtualService splits the host by subset inside the mesh. */
const isSplit = (world: World, subject: KubeObject, host: string) =>
  listOf(world, 'VirtualService').some(
    other =>
      other !== subject &&
      isForMesh(other) &&
      hostsOf(other).includes(host) &&
      (routingOf(other).http ?? []).some(({ route = [] }) =>
        route.some(
          ({ destination }) =>
            destination?.subset &&
            fullHost(other, destination.host ?? '') === host,
        ),
      ),
  );

/** Whether one rule could take another's requests. */
const hasSeveral = (object: KubeObject) => {
  const { http = [], tcp = [], tls = [] } = routingOf(object);
  return [http, tcp, tls].some(rules => rules.length > 1);
};

/** What istioctl and our rules say differently of the rules of VirtualServices. */
export const aboutRules: readonly Difference[] = [
  {
    meaning: 'IST0101 gateway',
    only: 'istioctl',
    reason: 'istiod reads ./ before a gateway as the own namespace',
    applies: (object, world) =>
      (routingOf(object).gateways ?? []).every(
        name =>
          name === 'mesh' ||
          findGateway(object, world, name) ||
          (name.startsWith('./') && findGateway(object, world, name.slice(2))),
      ),
  },
  {
    meaning: 'IST0109',
    only: 'istioctl',
    reason:
      'hosts of which one covers the other are no rivals, Envoy takes the narrower; nor are those that no namespace sees together, nor is an object its own',
    applies: (object, world) =>
      !listOf(world, 'VirtualService').some(
        other =>
          other !== object &&
          isForMesh(other) &&
          meet(other, object) &&
          hostsOf(other).some(host => hostsOf(object).includes(host)),
      ),
  },
  {
    meaning: 'IST0130',
    only: 'istioctl',
    reason:
      'a rule that delegates takes only what the rules of its delegate take; a condition for one gateway is told on its own',
    applies: object =>
      (routingOf(object).http ?? []).some(
        ({ delegate, match = [] }) =>
          delegate || match.some(({ gateways }) => gateways),
      ),
  },
  {
    meaning: 'IST0130',
    only: 'ours',
    reason:
      'istioctl knows rules without match and repeated ones; a rule may take all of another’s requests in more ways',
    applies: hasSeveral,
  },
  {
    meaning: 'IST0131',
    only: 'istioctl',
    reason:
      'a rule all of whose conditions are taken is told as unreachable; and istioctl takes a wider path for enough, whatever source, gateway or regular expression either of the two asks for, and no method for GET',
    applies: (object, _, findings) =>
      ineffectiveMatches(object).every(
        ({ rule, isForOthers }) =>
          isForOthers ||
          findings.some(
            finding =>
              ruleOf(finding).name === 'virtual-service-unreachable-rule' &&
              finding.path === `spec.http[${rule}]`,
          ),
      ),
  },
  {
    meaning: 'IST0131',
    only: 'ours',
    reason:
      'istioctl compares repeated conditions and paths; a match may take all of another’s requests in more ways',
    applies: object =>
      (routingOf(object).http ?? []).some(({ match = [] }) => match.length > 1),
  },
  {
    meaning: 'IST0140',
    only: 'istioctl',
    reason:
      'istioctl compares hosts as written, with the object itself, with those of gateways, and for callers in the mesh too',
    applies: (object, world) =>
      !(routingOf(object).gateways ?? []).some(name => name !== 'mesh') ||
      !writtenDestinations(object).some(
        ({ host = '', subset }) =>
          !subset && isSplit(world, object, fullHost(object, host)),
      ),
  },
  {
    meaning: 'IST0140',
    only: 'ours',
    reason: 'istioctl does not know that a short name and a full one are one',
    applies: (_, world) =>
      listOf(world, 'VirtualService').some(other =>
        [
          ...(routingOf(other).hosts ?? []),
          ...writtenDestinations(other).map(({ host = '' }) => host),
        ].some(host => !host.includes('.')),
      ),
  },
  {
    meaning: 'IST0149',
    only: 'istioctl',
    reason:
      'a Gateway without selector is for every proxy that is a gateway; istioctl takes every pod for one',
    applies: (object, world) =>
      (routingOf(object).gateways ?? []).some(name => {
        const gateway = findGateway(object, world, name);
        return gateway && !routingOf(gateway).selector;
      }),
  },
  {
    meaning: 'IST0149',
    only: 'ours',
    reason:
      'a RequestAuthentication with targets is for these; istioctl takes it for one of every pod',
    applies: (_, world) =>
      listOf(world, 'RequestAuthentication').some(({ spec }) => {
        const { targetRefs = [] } = (spec ?? {}) as { targetRefs?: object[] };
        return targetRefs.length > 0;
      }),
  },
];
