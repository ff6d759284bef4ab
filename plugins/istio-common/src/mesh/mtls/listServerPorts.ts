import { isKnown } from '../../snapshot/readiness';
import { WorkloadKey } from '../../snapshot/types';
import { KnownPort, listWorkloadPorts } from './listWorkloadPorts';
import { StrictPlan } from './planStrict';
import { resolvePortMtls } from './resolvePortMtls';
import { countProxies } from './resolveInboundProxy';
import { PortMtls } from './types';

/** `strict`: it is already; `changing`: it would refuse plaintext from then on; `open`: it would not. */
export type PortFuture = 'strict' | 'changing' | 'open' | 'unknown';

/** A port of a server, today and with the plan. */
export interface ServerPort extends KnownPort {
  future: PortFuture;
  now: PortMtls;
  then: PortMtls;
}

/** A workload of the scope with its ports. */
export interface StrictServer {
  plan: StrictPlan;
  workload: WorkloadKey;
  ports: ServerPort[];
  /** Pods run, and none of them has a proxy. */
  outside: boolean;
}

/** Stands for whatever port nothing declares; the policy's own mode is for it. */
export const EVERY_PORT = 0;

/** The workloads of a plan with what becomes of their ports. */
export function listStrictServers(plan: StrictPlan): StrictServer[] {
  return plan.servers.map(workload => {
    const declared = listWorkloadPorts(plan.now, workload);
    const known = declared.length > 0 ? declared : [{ port: EVERY_PORT }];
    const ports = known.map(each => {
      const now = resolvePortMtls({
        snapshot: plan.now,
        workload,
        port: each.port,
      });
      const then = resolvePortMtls({
        snapshot: plan.then,
        workload,
        port: each.port,
      });
      return { ...each, now, then, future: futureOf(now, then) };
    });
    const { total, withProxy } = countProxies(plan.now, workload);
    return {
      plan,
      workload,
      ports,
      outside: isKnown(plan.now, 'Pod') && total > 0 && withProxy === 0,
    };
  });
}

function futureOf(now: PortMtls, then: PortMtls): PortFuture {
  if (now.mode === 'UNKNOWN' || then.mode === 'UNKNOWN') {
    return 'unknown';
  }
  if (then.mode !== 'STRICT') {
    return 'open';
  }
  return now.mode === 'STRICT' ? 'strict' : 'changing';
}

/** Whether the port would refuse plaintext that it takes today; an undeclared one goes by the workload. */
export function wouldRefuse(server: StrictServer, port: number): boolean {
  const declared = server.ports.find(each => each.port === port);
  if (declared) {
    return declared.future === 'changing';
  }
  const { plan, workload } = server;
  const modeIn = (snapshot: StrictPlan['now']) =>
    resolvePortMtls({ snapshot, workload, port }).mode;
  const now = modeIn(plan.now);
  return (
    now !== 'STRICT' && now !== 'UNKNOWN' && modeIn(plan.then) === 'STRICT'
  );
}
