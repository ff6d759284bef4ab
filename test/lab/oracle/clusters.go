package main

import (
	"fmt"
	"slices"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/pilot/test/xdstest"
)

func (v *proxyView) targetCluster(name string, weight uint32) targetCluster {
	_, subset, hostname, port := model.ParseSubsetKey(name)
	found := v.clusterNamed(name)
	out := targetCluster{
		Cluster: name, Host: string(hostname), Subset: subset, Port: port,
		Weight: weight, Exists: found != nil, Endpoints: []string{},
	}
	if found != nil {
		out.Discovery = found.GetType().String()
		for _, e := range v.endpointsOf(found) {
			out.Endpoints = append(out.Endpoints, endpointAddress(e))
		}
	}
	return out
}

func (v *proxyView) clusterNamed(name string) *cluster.Cluster {
	return xdstest.ExtractCluster(name, v.Clusters)
}

// endpointsOf returns what EDS would send for a cluster, or the endpoints that
// the cluster carries itself, sorted by address.
func (v *proxyView) endpointsOf(c *cluster.Cluster) []*endpoint.LbEndpoint {
	assignment := c.GetLoadAssignment()
	if c.GetType() == cluster.Cluster_EDS {
		push := v.world.discovery.PushContext()
		builder := endpoints.NewEndpointBuilder(c.GetName(), v.proxy, push)
		assignment = builder.BuildClusterLoadAssignment(v.world.discovery.Discovery.Env.EndpointIndex)
	}
	var all []*endpoint.LbEndpoint
	for _, locality := range assignment.GetEndpoints() {
		all = append(all, locality.GetLbEndpoints()...)
	}
	slices.SortFunc(all, func(a, b *endpoint.LbEndpoint) int {
		return strings.Compare(endpointAddress(a), endpointAddress(b))
	})
	return all
}

func endpointAddress(e *endpoint.LbEndpoint) string {
	address := e.GetEndpoint().GetAddress()
	if socket := address.GetSocketAddress(); socket != nil {
		return fmt.Sprintf("%s:%d", socket.GetAddress(), socket.GetPortValue())
	}
	return address.String()
}
