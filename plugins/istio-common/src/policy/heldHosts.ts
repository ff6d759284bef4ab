import { isIpAddress } from '../resources/host';
import { hostCovers } from '../resources/hostPattern';
import { parseAddressRange, rangeCovers } from '../resources/address';
import type { MeshSnapshot } from '../snapshot/types';
import { isMeshHost } from './isMeshHost';
import type { TeamSettings } from './settings';

/** Whether the team may name this host outside the mesh: on its list, and no name of the cluster. */
export function holdsExternalHost(
  host: string,
  world: { team: TeamSettings; snapshot: MeshSnapshot },
): boolean {
  return isIpAddress(host)
    ? holdsAddress(host, world.team)
    : isOnList(world.team.externalHosts, host, world.snapshot);
}

/** Whether the team may serve this host on a gateway. */
export function holdsGatewayHost(
  host: string,
  world: { team: TeamSettings; snapshot: MeshSnapshot },
): boolean {
  return isOnList(world.team.gatewayHosts, host, world.snapshot);
}

/** Whether every address of the range is on the team's list. */
export function holdsAddress(text: string, team: TeamSettings): boolean {
  const range = parseAddressRange(text);
  return (
    range !== undefined &&
    team.externalAddresses.some(listed => {
      const outer = parseAddressRange(listed);
      return outer !== undefined && rangeCovers(outer, range);
    })
  );
}

function isOnList(
  list: readonly string[],
  host: string,
  snapshot: MeshSnapshot,
): boolean {
  return (
    !isMeshHost(host, snapshot) && list.some(listed => hostCovers(listed, host))
  );
}
