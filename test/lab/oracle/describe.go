package main

import (
	"encoding/json"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	fault "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/fault/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"istio.io/istio/pilot/pkg/networking/util"
	"istio.io/istio/pilot/test/xdstest"
	"istio.io/istio/pkg/wellknown"
)

// This file turns the Envoy route or TCP proxy that took a call into an answer.

// describeHTTP picks the route inside the virtual host that the simulation
// found (its own choice looks at paths only) and reports what it does.
func (v *proxyView) describeHTTP(out *routeResult, chain *listener.FilterChain, t *traffic) {
	manager := xdstest.ExtractHTTPConnectionManager(&failer{}, chain)
	routes := manager.GetRouteConfig()
	if routes == nil {
		routes = xdstest.ExtractRouteConfigurations(v.Routes)[out.RouteConfig]
	}
	matched := firstRoute(virtualHostNamed(routes, out.VirtualHost), t)
	if matched == nil {
		out.Outcome = outcomeNoRoute
		return
	}
	out.matched = matched
	out.Route = matched.GetName()
	describeFault(out, matched)
	switch action := matched.GetAction().(type) {
	case *route.Route_Redirect:
		out.Outcome = outcomeRedirect
		out.Redirect = rawProto(action.Redirect)
	case *route.Route_DirectResponse:
		out.Outcome = outcomeDirectResponse
		if out.VirtualHost == util.BlackHole {
			out.Outcome = outcomeBlackhole
		}
		out.DirectResponse = &directResponse{
			Status: action.DirectResponse.GetStatus(),
			Body:   action.DirectResponse.GetBody().GetInlineString(),
		}
	case *route.Route_Route:
		v.describeForwarding(out, action.Route)
	default:
		unsupported("route action", action)
	}
}

func (v *proxyView) describeForwarding(out *routeResult, action *route.RouteAction) {
	switch specifier := action.GetClusterSpecifier().(type) {
	case *route.RouteAction_Cluster:
		v.target(out, specifier.Cluster)
	case *route.RouteAction_WeightedClusters:
		out.Outcome = outcomeRouted
		for _, weighted := range specifier.WeightedClusters.GetClusters() {
			out.Clusters = append(out.Clusters, v.targetCluster(weighted.GetName(), weighted.GetWeight().GetValue()))
		}
	default:
		unsupported("cluster specifier", specifier)
	}

	out.Timeout = action.GetTimeout().AsDuration().String()
	if policy := action.GetRetryPolicy(); policy != nil {
		out.Retries = &retries{
			Attempts:    policy.GetNumRetries().GetValue(),
			On:          policy.GetRetryOn(),
			StatusCodes: policy.GetRetriableStatusCodes(),
		}
		if policy.GetPerTryTimeout() != nil {
			out.Retries.PerTryTimeout = policy.GetPerTryTimeout().AsDuration().String()
		}
	}
	for _, policy := range action.GetRequestMirrorPolicies() {
		percent := 100.0
		if fraction := policy.GetRuntimeFraction().GetDefaultValue(); fraction != nil {
			percent = percentOf(fraction)
		}
		out.Mirrors = append(out.Mirrors, mirror{Cluster: policy.GetCluster(), Percent: percent})
	}
	rewritten := rewrite{
		Prefix:    action.GetPrefixRewrite(),
		Regex:     action.GetRegexRewrite().GetSubstitution(),
		Authority: action.GetHostRewriteLiteral(),
	}
	if rewritten != (rewrite{}) {
		out.Rewrite = &rewritten
	}
}

func (v *proxyView) describeTCP(out *routeResult, chain *listener.FilterChain) {
	proxy := xdstest.ExtractTCPProxy(&failer{}, chain)
	if weighted := proxy.GetWeightedClusters().GetClusters(); len(weighted) > 0 {
		out.Outcome = outcomeRouted
		for _, target := range weighted {
			out.Clusters = append(out.Clusters, v.targetCluster(target.GetName(), target.GetWeight()))
		}
		return
	}
	v.target(out, proxy.GetCluster())
}

// target records a single destination, which may be one of Istio's two
// clusters for unknown destinations.
func (v *proxyView) target(out *routeResult, name string) {
	switch name {
	case util.PassthroughCluster:
		out.Outcome = outcomePassthrough
	case util.BlackHoleCluster:
		out.Outcome = outcomeBlackhole
	default:
		out.Outcome = outcomeRouted
		out.Clusters = []targetCluster{v.targetCluster(name, 100)}
	}
}

func describeFault(out *routeResult, matched *route.Route) {
	config := matched.GetTypedPerFilterConfig()[wellknown.Fault]
	if config == nil {
		return
	}
	injected := &fault.HTTPFault{}
	if err := config.UnmarshalTo(injected); err != nil {
		unsupported("fault", config)
	}
	out.Fault = &faults{}
	if delay := injected.GetDelay(); delay != nil {
		out.Fault.Delay = delay.GetFixedDelay().AsDuration().String()
		out.Fault.DelayPercent = percentOf(delay.GetPercentage())
	}
	if abort := injected.GetAbort(); abort != nil {
		out.Fault.AbortStatus = abort.GetHttpStatus()
		out.Fault.AbortPercent = percentOf(abort.GetPercentage())
	}
}

func (v *proxyView) rawProtos(out *routeResult) *rawProtos {
	raw := &rawProtos{}
	if out.matched != nil {
		raw.Route = rawProto(out.matched)
	}
	for _, target := range out.Clusters {
		if found := v.clusterNamed(target.Cluster); found != nil {
			raw.Clusters = append(raw.Clusters, rawProto(found))
		}
	}
	return raw
}

func rawProto(message proto.Message) json.RawMessage {
	raw, err := protojson.Marshal(message)
	if err != nil {
		panic(err)
	}
	return raw
}
