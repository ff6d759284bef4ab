export { startSandbox } from './startSandbox';
export type {
  RunningCluster,
  RunningSandbox,
  SandboxOptions,
} from './startSandbox';
export { startGitHost } from './git/startGitHost';
export type {
  Exchange,
  GitHostOptions,
  RunningGitHost,
} from './git/startGitHost';
export { checkExchange } from './git/checkExchange';
export { SandboxCluster } from './control/SandboxCluster';
export { createKubernetesCluster } from './kubernetes';
export type * from './kubernetes/types';
export { expandScenario } from './scenario/expandScenario';
export type { ClusterWorld } from './scenario/expandScenario';
export { generateWorld } from './scenario/generateWorld';
export { loadScenario } from './scenario/loadScenario';
export {
  checkScenario,
  parseScenario,
  ScenarioError,
} from './scenario/parseScenario';
export type { Scenario } from './scenario/schema';
export { worldTimes } from './scenario/timeline';
export { TrafficModel } from './traffic/TrafficModel';
export { TrafficSource } from './traffic/series/TrafficSource';
export {
  createStoredPrometheus,
  type RecordedSeries,
} from './prometheus/createStoredPrometheus';
