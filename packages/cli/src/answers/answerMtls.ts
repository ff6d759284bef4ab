import {
  listWorkloadPorts,
  MeshSnapshot,
  MtlsAnswer,
  resolveMtlsPair,
  WorkloadKey,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import {
  nameFlag,
  parseName,
  portFlag,
  requiredFlag,
} from '../arguments/readFlags';
import { findWorkload } from '../input/findWorkload';
import { describeDecider, describeDefaults, toJsonDeciders } from './toJson';
import { Answerer } from './types';

/** Encryption of a workload's ports, and of one client's calls to them. */
export const answerMtls: Answerer = (snapshot, values) => {
  const to = parseName(requiredFlag(values, 'to'), '--to');
  const server = findWorkload(snapshot, to, '--to');
  const from = nameFlag(values, 'from');
  const client = from && findWorkload(snapshot, from, '--from');
  const port = portFlag(values, 'port');
  const answers = portsOf(snapshot, server, port).map(each =>
    resolveMtlsPair({
      snapshot,
      server,
      port: each,
      ...(client ? { client: { workload: client } } : {}),
    }),
  );
  const ports = answers.map(toJson);
  return {
    json: port === undefined ? { ports } : ports[0],
    text: answers.map(describe).join('\n'),
    bad: answers.some(answer => answer.client?.outcome === 'refused'),
  };
};

function portsOf(
  snapshot: MeshSnapshot,
  server: WorkloadKey,
  port: number | undefined,
): number[] {
  if (port !== undefined) {
    return [port];
  }
  const ports = listWorkloadPorts(snapshot, server)
    .map(known => known.port)
    .sort((a, b) => a - b);
  if (ports.length === 0) {
    throw new BadInput(
      `${server.namespace}/${server.name} declares no port and no Service leads to one: give --port`,
    );
  }
  return ports;
}

function toJson(answer: MtlsAnswer): Record<string, unknown> {
  const { port, mode, client, proven } = answer;
  const defaults = describeDefaults([answer.decidedBy]);
  return {
    port,
    mode,
    decidedBy: toJsonDeciders([answer.decidedBy]),
    ...(defaults.length > 0 ? { defaults } : {}),
    considered: answer.considered,
    ...(client
      ? {
          client: {
            ...(client.sends ? { sends: client.sends } : {}),
            outcome: client.outcome,
            reason: client.reason,
            decidedBy: toJsonDeciders(client.decidedBy),
            ...(client.host
              ? { host: client.host, port: client.servicePort }
              : {}),
            endpoints: client.endpoints,
          },
        }
      : {}),
    ...(proven ? {} : { proven }),
  };
}

function describe(answer: MtlsAnswer): string {
  const { port, mode, decidedBy, considered, client, proven } = answer;
  const by = (deciders: MtlsAnswer['decidedBy'][]) => [
    ...toJsonDeciders(deciders).map(describeDecider),
    ...describeDefaults(deciders),
  ];
  return [
    `port ${port}: ${mode}`,
    ...by([decidedBy]).map(each => `  decided by ${each}`),
    ...considered.map(
      ({ object, why }) => `  looked at PeerAuthentication ${object}: ${why}`,
    ),
    ...(client
      ? [
          `  the client sends ${client.sends ?? 'what is not known'}: ${
            client.outcome
          } (${client.reason})`,
          ...by(client.decidedBy.slice(0, 1)).map(
            each => `    because of ${each}`,
          ),
        ]
      : []),
    ...(proven ? [] : ['  not proven against a running data plane (ambient)']),
  ].join('\n');
}
