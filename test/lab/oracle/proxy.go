package main

import (
	"encoding/json"
	"fmt"
	"net"
	"testing"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/host"
)

// proxyVersion is what the pinned Istio calls itself; without it Istio's test
// helpers would generate configuration for a 1.23 proxy.
const proxyVersion = "1.31.0"

// strayAddress is the IP of a client or server that the world does not know.
const strayAddress = "10.255.255.254"

// workload identifies a proxy: a pod of the world by name or IP, or any
// workload by its labels.
type workload struct {
	Namespace string            `json:"ns,omitempty"`
	Pod       string            `json:"pod,omitempty"`
	Labels    map[string]string `json:"labels,omitempty"`
	IP        string            `json:"ip,omitempty"`
}

// proxyMode is what a request's mode means for the proxy and for the calls that
// it takes in. A sidecar's outgoing calls are outbound, which the caller sets.
func proxyMode(mode string) (model.NodeType, simulation.CallMode, error) {
	switch mode {
	case "", "sidecar":
		return model.SidecarProxy, simulation.CallModeInbound, nil
	case "gateway":
		return model.Router, simulation.CallModeGateway, nil
	}
	return "", "", fmt.Errorf("unknown mode %q: sidecar or gateway", mode)
}

// proxyView is the configuration istiod generates for one proxy.
type proxyView struct {
	world *world
	proxy *model.Proxy
	*simulation.Simulation
}

// view builds, or returns, the configuration for a workload's proxy.
func (w *world) view(nodeType model.NodeType, of workload) (*proxyView, error) {
	resolved, podName, err := w.resolve(of)
	if err != nil {
		return nil, err
	}
	keyBytes, err := json.Marshal([]any{nodeType, resolved, podName})
	if err != nil {
		return nil, err
	}
	key := string(keyBytes)
	if w.views[key] == nil {
		proxy := w.discovery.SetupProxy(&model.Proxy{
			Type:            nodeType,
			ID:              podName + "." + resolved.Namespace,
			ConfigNamespace: resolved.Namespace,
			Labels:          resolved.Labels,
			IPAddresses:     []string{resolved.IP},
			Metadata: &model.NodeMetadata{
				Namespace:    resolved.Namespace,
				Labels:       resolved.Labels,
				ClusterID:    constants.DefaultClusterName,
				IstioVersion: proxyVersion,
			},
		})
		w.views[key] = &proxyView{
			world: w, proxy: proxy,
			Simulation: simulation.NewSimulation(new(testing.T), w.discovery, proxy),
		}
	}
	return w.views[key], nil
}

// resolve completes a workload from the pod it names, if any.
func (w *world) resolve(of workload) (resolved workload, podName string, err error) {
	resolved = of
	if resolved.Namespace == "" {
		resolved.Namespace = "default"
	}
	pod := w.cluster.podAt(of.IP)
	if of.Pod != "" {
		if pod = w.cluster.podNamed(resolved.Namespace, of.Pod); pod == nil {
			return workload{}, "", fmt.Errorf("no pod %s/%s in this world", resolved.Namespace, of.Pod)
		}
	}
	podName = "stray"
	if pod != nil {
		podName = pod.Name
		resolved.IP = pod.Status.PodIP
		resolved.Namespace = pod.Namespace
		if resolved.Labels == nil {
			resolved.Labels = pod.Labels
		}
	}
	if resolved.IP == "" {
		resolved.IP = strayAddress
	}
	return resolved, podName, nil
}

// simulate runs a call and also returns the filter chain that took it, which
// is nil when the connection was refused before one was entered.
func (v *proxyView) simulate(call simulation.Call) (simulation.Result, *listener.FilterChain) {
	var entered *listener.FilterChain
	call.CustomListenerValidations = []simulation.CustomFilterChainValidation{
		func(chain *listener.FilterChain) error { entered = chain; return nil },
	}
	return v.Run(call), entered
}

// findService resolves a host as the workload's DNS would, among the services
// its proxy can see.
func (v *proxyView) findService(name string) *model.Service {
	namespace := v.proxy.ConfigNamespace
	for _, candidate := range []string{
		name,
		name + "." + namespace + ".svc.cluster.local",
		name + ".svc.cluster.local",
		name + ".cluster.local",
	} {
		service := v.world.discovery.PushContext().ServiceForHostname(v.proxy, host.Name(candidate))
		if service != nil {
			return service
		}
	}
	return nil
}

// dial returns the address that a client behind this proxy connects to.
func (v *proxyView) dial(name string) string {
	if net.ParseIP(name) != nil {
		return name
	}
	if service := v.findService(name); service != nil {
		if address := service.GetAddressForProxy(v.proxy); net.ParseIP(address) != nil && address != constants.UnspecifiedIP {
			return address
		}
	}
	return strayAddress
}
