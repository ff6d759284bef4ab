import type { WorkloadSettings } from './workloadSettings';

/** What stands in a container for the image's program. */
export const containerProgram = (
  labapp: string,
  settings: WorkloadSettings,
) => {
  const probed = settings.listen[0]?.port;
  return {
    command: [labapp, 'workload'],
    env: [{ name: 'LABAPP_WORKLOAD', value: JSON.stringify(settings) }],
    ...(probed && {
      readinessProbe: { tcpSocket: { port: probed }, periodSeconds: 1 },
    }),
  };
};
