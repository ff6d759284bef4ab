export { Oracle } from './Oracle';
export { OracleCrash, OracleError } from './OracleError';
export { startOracle } from './startOracle';
export type * from './types';
