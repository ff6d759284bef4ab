import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOf } from '../kubernetes/kubeconfig';
import { RecordedProcesses } from '../processes/RecordedProcesses';
import type { AgentContext, AgentSettings } from './AgentContext';
import { startKubeletServer } from './kubeletServer';
import { NodeAgent } from './NodeAgent';
import { registerNode } from './registerNode';

/** The node agent as a process: `node --import tsx agentMain.ts SETTINGS`. */
async function main(): Promise<void> {
  const settings: AgentSettings = JSON.parse(
    readFileSync(process.argv[2], 'utf8'),
  );
  const context: AgentContext = {
    settings,
    client: clientOf(settings.kubeconfig),
    processes: new RecordedProcesses(join(settings.state, 'processes')),
    say: line => process.stdout.write(`${new Date().toISOString()} ${line}\n`),
  };
  const agent = new NodeAgent(context);
  const stop = async () => {
    await agent.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await startKubeletServer(context, agent);
  await registerNode(context);
  writeFileSync(join(settings.state, 'agent.ready'), '');
  await agent.run();
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
