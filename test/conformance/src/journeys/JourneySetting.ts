import type { Portal } from './startPortal';
import type { ProductWorld } from './ProductWorld';

/** What a journey finds; filled before its first test runs. */
export interface JourneySetting {
  world: ProductWorld;
  /** In front of the world's first cluster. */
  portal: Portal;
  /** What was measured, for the end of the run. */
  figures: string[];
}
