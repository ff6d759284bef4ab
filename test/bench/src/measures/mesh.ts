import { meshFiles, meshServices } from '../mesh/meshObjects';
import { meshSnapshot } from '../mesh/meshSnapshot';
import type { Figure } from '../types';
import { measureRefresh } from './refresh';
import { measureResolutions } from './resolutions';

/** The core in this process, over a mesh of that many services: answers, and findings that are kept up to date. */
export function measureMesh(size: number): Figure[] {
  const services = meshServices(size);
  const snapshot = meshSnapshot(meshFiles(services));
  return [
    ...measureResolutions(snapshot, services),
    ...measureRefresh(snapshot),
  ];
}
