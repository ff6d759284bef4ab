export * from './objects';
export * from './snapshots';
export * from './traffic';
