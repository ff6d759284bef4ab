import { startLab, whyNoLab } from '@istio-backstage/lab';
import type { OpenedWorld } from './abilities';

/** A lab of this run's own, beside whatever other lab is up. Two runs at a time need `CONFORMANCE_LAB`. */
export async function openLab(): Promise<OpenedWorld> {
  const reason = whyNoLab();
  if (reason) throw new Error(`There is no lab here. ${reason}`);
  const lab = await startLab({
    name: process.env.CONFORMANCE_LAB ?? 'conformance',
    world: 'shop',
    log: line => process.stderr.write(`lab: ${line}\n`),
  });
  return {
    handle: {
      kind: 'lab',
      kubeconfig: lab.kubeconfig,
      prometheus: lab.prometheus,
      tracing: lab.tracing,
      clusters: [],
    },
    abilities: {
      compact: () => lab.compact(),
      sendRequests: request =>
        lab.sendRequests(request as Parameters<typeof lab.sendRequests>[0]),
      token: account => lab.token(account as Parameters<typeof lab.token>[0]),
      apply: yaml => lab.apply(String(yaml)),
    },
    close: () => lab.stop(),
  };
}
