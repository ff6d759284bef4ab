import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { LAB_FOLDER } from '../build';

/** A server outside the mesh. */
export interface OutsideServer {
  name: string;
  /** Name by which Pods find it. */
  host: string;
  port: number;
  tls?: boolean;
  /** Last number of its address. */
  address: number;
}

/** A file of `worlds/`: a scenario of the sandbox and how the lab differs. */
export interface WorldFile {
  /** Name of a scenario; absent: nothing runs. */
  scenario?: string;
  cluster: {
    name: string;
    share?: number;
    maxReplicas?: number;
    withoutNamespaces?: string[];
    withoutWorkloads?: string[];
  };
  outside?: {
    namespace: string;
    servers: OutsideServer[];
    visitors: string;
  };
}

const FOLDER = join(LAB_FOLDER, 'worlds');

const worldNames = () =>
  readdirSync(FOLDER)
    .filter(name => name.endsWith('.yaml'))
    .map(name => name.slice(0, -'.yaml'.length));

/** @throws Error naming the worlds there are */
export function readWorldFile(name: string): WorldFile {
  if (!worldNames().includes(name)) {
    throw new Error(
      `There is no world "${name}"; there are ${worldNames().join(', ')}`,
    );
  }
  return load(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')) as WorldFile;
}
