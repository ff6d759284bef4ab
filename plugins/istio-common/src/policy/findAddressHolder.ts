import {
  type AddressRange,
  parseAddressRange,
  rangesOverlap,
} from '../resources/address';
import { fieldsListOf, fieldsOf, textOf, textsOf } from '../resources/fields';
import { describeObject } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import type { MeshSnapshot } from '../snapshot/types';

/** "Service payments/payments": who has an address of the range in the cluster; undefined for nobody. */
export function findAddressHolder(
  snapshot: MeshSnapshot,
  { address, except }: { address: string; except: KubeObject },
): string | undefined {
  const range = parseAddressRange(address);
  const isTaken = (texts: readonly string[]) =>
    range !== undefined &&
    texts.some(text => {
      const other: AddressRange | undefined = parseAddressRange(text);
      return other !== undefined && rangesOverlap(range, other);
    });
  const holder =
    snapshot
      .list('Service')
      .find(service => isTaken(addressesOfService(service))) ??
    snapshot.list('Pod').find(pod => isTaken(addressesOfPod(pod))) ??
    snapshot
      .list('ServiceEntry')
      .find(
        entry =>
          !isSame(entry, except) &&
          isTaken(textsOf(fieldsOf(entry.spec).addresses)),
      );
  return holder && describeObject(holder);
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return (
    a.metadata.name === b.metadata.name &&
    a.metadata.namespace === b.metadata.namespace
  );
}

function addressesOfService({ spec, status }: KubeObject): string[] {
  const read = fieldsOf(spec);
  const ingress = fieldsListOf(fieldsOf(fieldsOf(status).loadBalancer).ingress);
  return [
    ...textsOf([read.clusterIP]),
    ...textsOf(read.clusterIPs),
    ...textsOf(read.externalIPs),
    ...textsOf(ingress.map(({ ip }) => ip)),
  ];
}

function addressesOfPod({ status }: KubeObject): string[] {
  const read = fieldsOf(status);
  const ip = textOf(read.podIP);
  return [
    ...(ip === undefined ? [] : [ip]),
    ...textsOf(fieldsListOf(read.podIPs).map(each => each.ip)),
  ];
}
