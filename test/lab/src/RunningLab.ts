import type { LabNetwork } from './network/subnets';
import type { RecordedProcesses } from './processes/RecordedProcesses';

/** Programs the lab is made of. */
export interface LabBinaryPaths {
  envoy: string;
  istioctl: string;
  kubelab: string;
  labapp: string;
  'pilot-agent': string;
  'pilot-discovery': string;
  'jaeger-all-in-one': string;
}

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
