export * from './istioServiceMock';
export * from './MemoryMeshReader';
export * from './MemoryTelemetryProvider';
