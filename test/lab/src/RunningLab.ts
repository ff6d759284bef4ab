import type { LabNetwork } from './network/subnets';
import type { RecordedProcesses } from './processes/RecordedProcesses';

/** Programs that a running lab is made of; the others are for its tests. */
export const LAB_PROGRAMS = [
  'envoy',
  'istioctl',
  'jaeger-all-in-one',
  'kubelab',
  'labapp',
  'pilot-agent',
  'pilot-discovery',
] as const;

export type LabBinaryPaths = Record<(typeof LAB_PROGRAMS)[number], string>;

/** What every part of a lab needs while it comes up and runs. */
export interface RunningLab {
  name: string;
  state: string;
  network: LabNetwork;
  names: { control: string };
  binaries: LabBinaryPaths;
  processes: RecordedProcesses;
  say: (line: string) => void;
}
