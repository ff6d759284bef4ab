export { startLab, type Lab, type LabOptions } from './startLab';
export type { RequestsFrom, Sent } from './sendRequests';
export { labObstacles, whyNoLab } from './whyNoLab';
export { startOracle, Oracle, OracleError, OracleCrash } from './oracle';
export type * from './oracle/types';
export { builtProgram } from './build/builtProgram';
export { istioSources } from './build/istioSources';
