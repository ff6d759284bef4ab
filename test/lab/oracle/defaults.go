package main

import (
	"k8s.io/apimachinery/pkg/runtime"
	gatewayapi "sigs.k8s.io/gateway-api/apis/v1"
)

// This file fills in what the API server would from the CRDs of Gateway API
// before istiod ever sees the objects. istiod relies on it: a match without a
// path crashes its conversion.

func setDefaults(object runtime.Object) {
	switch o := object.(type) {
	case *gatewayapi.HTTPRoute:
		defaultParents(o.Spec.ParentRefs)
		if o.Spec.Rules == nil {
			o.Spec.Rules = []gatewayapi.HTTPRouteRule{{}}
		}
		for i := range o.Spec.Rules {
			defaultHTTPRule(&o.Spec.Rules[i])
		}
	case *gatewayapi.GRPCRoute:
		defaultParents(o.Spec.ParentRefs)
		for i := range o.Spec.Rules {
			for j := range o.Spec.Rules[i].BackendRefs {
				defaultBackend(&o.Spec.Rules[i].BackendRefs[j].BackendRef)
			}
		}
	case *gatewayapi.Gateway:
		for i := range o.Spec.Listeners {
			defaultListener(&o.Spec.Listeners[i])
		}
	}
}

func defaultTo[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

func defaultParents(parents []gatewayapi.ParentReference) {
	for i := range parents {
		defaultTo(&parents[i].Group, gatewayapi.GroupName)
		defaultTo(&parents[i].Kind, "Gateway")
	}
}

func defaultHTTPRule(rule *gatewayapi.HTTPRouteRule) {
	if rule.Matches == nil {
		rule.Matches = []gatewayapi.HTTPRouteMatch{{}}
	}
	for i := range rule.Matches {
		match := &rule.Matches[i]
		defaultTo(&match.Path, gatewayapi.HTTPPathMatch{})
		defaultTo(&match.Path.Type, gatewayapi.PathMatchPathPrefix)
		defaultTo(&match.Path.Value, "/")
		for j := range match.Headers {
			defaultTo(&match.Headers[j].Type, gatewayapi.HeaderMatchExact)
		}
		for j := range match.QueryParams {
			defaultTo(&match.QueryParams[j].Type, gatewayapi.QueryParamMatchExact)
		}
	}
	for i := range rule.BackendRefs {
		defaultBackend(&rule.BackendRefs[i].BackendRef)
	}
	for i := range rule.Filters {
		filter := &rule.Filters[i]
		if filter.RequestMirror != nil {
			defaultReference(&filter.RequestMirror.BackendRef)
		}
		if filter.RequestRedirect != nil {
			defaultTo(&filter.RequestRedirect.StatusCode, 302)
		}
	}
}

func defaultBackend(backend *gatewayapi.BackendRef) {
	defaultReference(&backend.BackendObjectReference)
	defaultTo(&backend.Weight, 1)
}

func defaultReference(reference *gatewayapi.BackendObjectReference) {
	defaultTo(&reference.Group, "")
	defaultTo(&reference.Kind, "Service")
}

func defaultListener(listener *gatewayapi.Listener) {
	defaultTo(&listener.AllowedRoutes, gatewayapi.AllowedRoutes{})
	defaultTo(&listener.AllowedRoutes.Namespaces, gatewayapi.RouteNamespaces{})
	defaultTo(&listener.AllowedRoutes.Namespaces.From, gatewayapi.NamespacesFromSame)
	if listener.TLS != nil {
		defaultTo(&listener.TLS.Mode, gatewayapi.TLSModeTerminate)
	}
}
