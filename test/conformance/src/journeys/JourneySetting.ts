import type { Portal } from './startPortal';
import type { ProductWorld } from './ProductWorld';

/** What a journey finds; filled before its first test runs. */
export interface JourneySetting {
  world: ProductWorld;
  /** In front of the world's first cluster. */
  portal: Portal;
}

export type GetSetting = () => JourneySetting;
