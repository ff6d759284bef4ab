export * from './extensions';
export * from './istioServiceRef';
export * from './types';
