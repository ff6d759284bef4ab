import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

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

/** Everything that keeps this machine from running a lab, as sentences. Pure but for the search of programs. */
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
