import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_FOLDER } from '../build';
import type { ApiServer } from '../controlPlane/apiServer';
import type { UpstreamFiles } from '../controlPlane/upstreamFiles';
import type { RunningLab } from '../RunningLab';
import { PATIENCE, waitFor } from '../waitFor';
import type { AgentSettings } from './AgentContext';

/** Starts the node agent as a process of its own, in the lab's network, and waits until its node is there. */
export async function startAgent(
  lab: RunningLab,
  options: { api: ApiServer; upstream: UpstreamFiles },
): Promise<void> {
  const { api, upstream } = options;
  const settings: AgentSettings = {
    lab: lab.name,
    state: lab.state,
    network: lab.network,
    server: api.url,
    kubeconfig: api.kubeconfig,
    certificate: {
      cert: api.caFile,
      key: api.caFile.replace(/\.crt$/, '.key'),
    },
    pilotAgent: lab.binaries['pilot-agent'],
    bootstrapTemplate: upstream.bootstrapTemplate,
  };
  const file = join(lab.state, 'agent.json');
  writeFileSync(file, JSON.stringify(settings));
  const log = join(lab.state, 'agent.log');
  lab.processes.start({
    key: 'agent',
    // Not `ip netns exec`: network namespaces named inside its mount namespace would be seen by nobody else.
    command: [
      'nsenter',
      `--net=/run/netns/${lab.names.control}`,
      process.execPath,
      '--import',
      'tsx',
      join(LAB_FOLDER, 'src', 'agent', 'agentMain.ts'),
      file,
    ],
    log,
    cwd: LAB_FOLDER,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await waitFor(() => existsSync(join(lab.state, 'agent.ready')), {
    what: 'readiness of the node agent',
    timeoutSeconds: PATIENCE,
    hopeless: () =>
      lab.processes.isRunning('agent') ? undefined : `it ended; see ${log}`,
  });
}
