import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { missingBinaries, missingForBuild } from './build';
import { hasUpstreamFiles } from './controlPlane/upstreamFiles';
import { LAB_PROGRAMS } from './RunningLab';

/** Programs of the distribution, and the Debian package that brings each. */
const PROGRAMS: Record<string, string> = {
  ip: 'iproute2',
  iptables: 'iptables',
  nsenter: 'util-linux',
  prometheus: 'prometheus',
  setpriv: 'util-linux',
  sysctl: 'procps',
};

const isThere = (program: string, path: string) =>
  path.split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** What keeps a machine from running a lab, as sentences, whatever is built. Pure but for the search of programs. */
export function obstacles(machine: {
  platform: string;
  uid: number | undefined;
  path: string;
}): string[] {
  const { platform, uid, path } = machine;
  if (platform !== 'linux') {
    return [
      `The lab is made of Linux network namespaces; this machine runs ${platform}.`,
    ];
  }
  const missing = Object.keys(PROGRAMS).filter(name => !isThere(name, path));
  const packages = [...new Set(missing.map(name => PROGRAMS[name]))];
  return [
    ...(uid === 0
      ? []
      : ['The lab makes network namespaces: it must be started as root.']),
    ...(missing.length > 0
      ? [
          `Missing: ${missing.join(
            ', ',
          )} (Debian: apt-get install ${packages.join(' ')}).`,
        ]
      : []),
  ];
}

/** Everything that keeps this machine from building what is missing and running a lab, as sentences. */
export function labObstacles(): string[] {
  const found = obstacles({
    platform: process.platform,
    uid: process.getuid?.(),
    path: process.env.PATH ?? '',
  });
  if (process.platform !== 'linux') return found;
  const missing = missingBinaries({ only: LAB_PROGRAMS });
  if (missing.length === 0 && hasUpstreamFiles()) return found;
  return [
    ...found,
    // The files beside the programs come out of Istio's sources: Go again.
    ...missingForBuild({ only: [...missing, 'pilot-agent'] }),
  ];
}

/** A sentence when this machine cannot run a lab; undefined when it can, building what is missing first. */
export function whyNoLab(): string | undefined {
  return labObstacles().join(' ') || undefined;
}
