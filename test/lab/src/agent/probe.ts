import { request } from 'node:http';
import { connect } from 'node:net';
import { inNamespace } from '../network/controlNetwork';
import { runCommand } from '../network/ip';
import { portNumber } from './containerProcesses';
import type { Container, Probe } from './podTypes';

const PATIENCE = 1_000;

/** One look through a probe, from the node's side as a kubelet does. A container without probe is ready. */
export async function passes(
  probe: Probe | undefined,
  options: { container: Container; address: string; namespace: string },
): Promise<boolean> {
  if (!probe) return true;
  const { container, address, namespace } = options;
  if (probe.httpGet) {
    const port = portNumber(container, probe.httpGet.port);
    return answersHttp(address, port, probe.httpGet.path ?? '/');
  }
  if (probe.tcpSocket) {
    return accepts(address, portNumber(container, probe.tcpSocket.port));
  }
  if (probe.exec) {
    const [program, ...args] = inNamespace(namespace, probe.exec.command);
    return runCommand(program, args).then(
      () => true,
      () => false,
    );
  }
  return true;
}

function answersHttp(host: string, port: number | undefined, path: string) {
  return new Promise<boolean>(resolve => {
    if (port === undefined) {
      resolve(false);
      return;
    }
    const outgoing = request(
      { host, port, path, timeout: PATIENCE, agent: false },
      response => {
        response.resume();
        const status = response.statusCode ?? 500;
        resolve(status >= 200 && status < 400);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', () => resolve(false));
    outgoing.end();
  });
}

function accepts(host: string, port: number | undefined) {
  return new Promise<boolean>(resolve => {
    if (port === undefined) {
      resolve(false);
      return;
    }
    const socket = connect({ host, port, timeout: PATIENCE });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}
