export { cacheFolder } from './BinaryCache';
export { LAB_FOLDER } from './fingerprint';
export {
  labBinaries,
  missingBinaries,
  type LabBinaries,
  type LabBinariesOptions,
} from './labBinaries';
export { missingForBuild } from './missingForBuild';
export { findGo } from './programs';
export { LabBuildError, type BinaryName, type Log } from './types';
