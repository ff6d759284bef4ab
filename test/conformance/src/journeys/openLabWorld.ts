import type { ProductWorld } from './ProductWorld';

export async function openLabWorld(): Promise<ProductWorld> {
  throw new Error('lab');
}
