import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findGo, LAB_FOLDER } from '../build';
import { runCommand } from '../network/ip';

/** Files of the Istio and Gateway API sources that no binary carries. */
export interface UpstreamFiles {
  /** Folder of the Gateway API's definitions, standard channel. */
  gatewayApi: string;
  /** Template of Envoy's bootstrap, which proxy images carry and the agent fills in. */
  bootstrapTemplate: string;
}

const MODULE = join(LAB_FOLDER, 'go', 'istio');
const TEMPLATE = 'envoy_bootstrap.json';
const DEFINITIONS = 'gateway-api';

/** Named by what it was taken from: another pinned version is another folder. */
function folderOf(): string {
  const pinned = readFileSync(join(MODULE, 'go.mod'));
  const key = createHash('sha256').update(pinned).digest('hex').slice(0, 16);
  return join(cacheFolder(), `upstream-files-${key}`);
}

/** Whether they were kept already, so that neither Go nor its module cache is needed. */
export const hasUpstreamFiles = () => existsSync(folderOf());

/** Takes them out of Go's module cache once, where building Istio has put them, and keeps them beside the programs. */
export async function findUpstreamFiles(): Promise<UpstreamFiles> {
  const folder = folderOf();
  if (!existsSync(folder)) await keep(folder);
  return {
    gatewayApi: join(folder, DEFINITIONS),
    bootstrapTemplate: join(folder, TEMPLATE),
  };
}

async function keep(folder: string): Promise<void> {
  const istio = await moduleFolder('istio.io/istio');
  const gatewayApi = await moduleFolder('sigs.k8s.io/gateway-api');
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o755 });
  const stage = mkdtempSync(`${folder}.new-`);
  cpSync(
    join(istio, 'tools', 'packaging', 'common', TEMPLATE),
    join(stage, TEMPLATE),
  );
  cpSync(
    join(gatewayApi, 'config', 'crd', 'standard'),
    join(stage, DEFINITIONS),
    { recursive: true },
  );
  try {
    // Whole or not at all; a second lab may have been faster.
    renameSync(stage, folder);
  } catch (error) {
    rmSync(stage, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Where a module's sources are; fetched when the module cache was emptied. */
async function moduleFolder(module: string): Promise<string> {
  const go = findGo();
  if (!go) {
    throw new Error(
      'Go is needed once to take files out of its module cache: run npm run lab:build on a machine with Go',
    );
  }
  const known = await runCommand(go.path, [
    '-C',
    MODULE,
    'mod',
    'download',
    '-json',
    module,
  ]);
  return (JSON.parse(known) as { Dir: string }).Dir;
}
