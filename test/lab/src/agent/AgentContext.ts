import type { KubeClient } from '../kubernetes/KubeClient';
import type { LabNetwork } from '../network/subnets';
import type { RecordedProcesses } from '../processes/RecordedProcesses';

/** What `startLab` writes down for the agent's process. */
export interface AgentSettings {
  lab: string;
  state: string;
  network: LabNetwork;
  server: string;
  kubeconfig: string;
  certificate: { cert: string; key: string };
  pilotAgent: string;
  bootstrapTemplate: string;
}

/** What the parts of the agent share. */
export interface AgentContext {
  settings: AgentSettings;
  client: KubeClient;
  processes: RecordedProcesses;
  say: (line: string) => void;
}

export const NODE_NAME = 'lab';
