package main

import (
	"strings"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
)

// This file picks the route of a virtual host as Envoy does.

func virtualHostNamed(routes *route.RouteConfiguration, name string) *route.VirtualHost {
	for _, host := range routes.GetVirtualHosts() {
		if host.GetName() == name {
			return host
		}
	}
	return nil
}

func firstRoute(host *route.VirtualHost, t *traffic) *route.Route {
	for _, candidate := range host.GetRoutes() {
		if matchRoute(candidate.GetMatch(), t) {
			return candidate
		}
	}
	return nil
}

func matchRoute(m *route.RouteMatch, t *traffic) bool {
	if m.GetRuntimeFraction() != nil || m.GetGrpc() != nil || len(m.GetFilterState()) > 0 {
		unsupported("route matcher", m)
	}
	if !matchPath(m, t) {
		return false
	}
	for _, header := range m.GetHeaders() {
		if !matchHeader(header, t) {
			return false
		}
	}
	for _, parameter := range m.GetQueryParameters() {
		if !matchQuery(parameter, t) {
			return false
		}
	}
	for _, metadata := range m.GetDynamicMetadata() {
		if !matchMetadata(metadata, t) {
			return false
		}
	}
	return true
}

func matchPath(m *route.RouteMatch, t *traffic) bool {
	fold := func(s string) string {
		if m.GetCaseSensitive() != nil && !m.GetCaseSensitive().GetValue() {
			return strings.ToLower(s)
		}
		return s
	}
	path := fold(t.barePath())
	switch p := m.GetPathSpecifier().(type) {
	case *route.RouteMatch_Prefix:
		return strings.HasPrefix(path, fold(p.Prefix))
	case *route.RouteMatch_Path:
		return path == fold(p.Path)
	case *route.RouteMatch_SafeRegex:
		return fullMatch(p.SafeRegex.GetRegex(), t.barePath())
	case *route.RouteMatch_PathSeparatedPrefix:
		prefix := fold(p.PathSeparatedPrefix)
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	case *route.RouteMatch_PathMatchPolicy:
		return matchURITemplate(p.PathMatchPolicy.GetTypedConfig(), t)
	}
	unsupported("route path", m)
	return false
}
