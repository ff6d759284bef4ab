package main

import (
	"encoding/json"
	"errors"
	"strings"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/simulation"
)

type routeRequest struct {
	worldRequest
	// Mode is "sidecar" (the default): From is the client; or "gateway": From
	// is the gateway workload and the call arrives at its listener.
	Mode     string            `json:"mode,omitempty"`
	From     workload          `json:"from"`
	Host     string            `json:"host"`
	Port     int               `json:"port"`
	Protocol string            `json:"protocol,omitempty"` // http (default), http2, tcp
	TLS      string            `json:"tls,omitempty"`      // plaintext (default), tls, mtls: what the call itself uses
	SNI      string            `json:"sni,omitempty"`
	Address  string            `json:"address,omitempty"` // overrides the DNS answer for host
	Method   string            `json:"method,omitempty"`
	Path     string            `json:"path,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"`
	Claims   map[string]any    `json:"claims,omitempty"` // verified JWT claims, for gateways that route on them
	Raw      bool              `json:"raw,omitempty"`    // add the Envoy protos to the answer
}

// Outcomes of a call.
const (
	outcomeRouted         = "routed"         // to Clusters
	outcomePassthrough    = "passthrough"    // unknown destination, sent on as is
	outcomeBlackhole      = "blackhole"      // unknown destination, refused
	outcomeRedirect       = "redirect"       // answered by the proxy
	outcomeDirectResponse = "directResponse" // answered by the proxy
	outcomeTLSRedirect    = "tlsRedirect"    // answered by the proxy: use https
	outcomeNoRoute        = "noRoute"        // 404
	outcomeNoVirtualHost  = "noVirtualHost"  // 404
	outcomeRefused        = "refused"        // no listener or filter chain takes the connection
	outcomeProtocolError  = "protocolError"  // the filter chain speaks something else
)

type routeResult struct {
	Outcome        string          `json:"outcome"`
	Reason         string          `json:"reason,omitempty"`
	Listener       string          `json:"listener,omitempty"`
	FilterChain    string          `json:"filterChain,omitempty"`
	RouteConfig    string          `json:"routeConfig,omitempty"`
	VirtualHost    string          `json:"virtualHost,omitempty"`
	Route          string          `json:"route,omitempty"`
	Clusters       []targetCluster `json:"clusters,omitempty"`
	Timeout        string          `json:"timeout,omitempty"` // "0s" is none
	Retries        *retries        `json:"retries,omitempty"`
	Fault          *faults         `json:"fault,omitempty"`
	Mirrors        []mirror        `json:"mirrors,omitempty"`
	Rewrite        *rewrite        `json:"rewrite,omitempty"`
	Redirect       json.RawMessage `json:"redirect,omitempty"`
	DirectResponse *directResponse `json:"directResponse,omitempty"`
	Raw            *rawProtos      `json:"raw,omitempty"`

	matched *route.Route
}

type targetCluster struct {
	Cluster string `json:"cluster"`
	Host    string `json:"host,omitempty"`
	Subset  string `json:"subset,omitempty"`
	Port    int    `json:"port,omitempty"`
	// Weight is the relative weight as configured; a single target has 100.
	Weight uint32 `json:"weight"`
	// Exists is false when the proxy has no such cluster, for example because
	// no DestinationRule defines the subset: Envoy then answers 503 NC.
	Exists bool `json:"exists"`
	// Discovery is Envoy's cluster type. ORIGINAL_DST clusters (headless
	// services) have no endpoints of their own: they go to the dialled address.
	Discovery string   `json:"discovery,omitempty"`
	Endpoints []string `json:"endpoints"`
}

type retries struct {
	Attempts      uint32   `json:"attempts"`
	On            string   `json:"on"`
	PerTryTimeout string   `json:"perTryTimeout,omitempty"`
	StatusCodes   []uint32 `json:"statusCodes,omitempty"`
}

type faults struct {
	Delay        string  `json:"delay,omitempty"`
	DelayPercent float64 `json:"delayPercent,omitempty"`
	AbortStatus  uint32  `json:"abortStatus,omitempty"`
	AbortPercent float64 `json:"abortPercent,omitempty"`
}

type mirror struct {
	Cluster string  `json:"cluster"`
	Percent float64 `json:"percent"`
}

type rewrite struct {
	Prefix    string `json:"prefix,omitempty"`
	Regex     string `json:"regex,omitempty"`
	Authority string `json:"authority,omitempty"`
}

type directResponse struct {
	Status uint32 `json:"status"`
	Body   string `json:"body,omitempty"`
}

type rawProtos struct {
	Route    json.RawMessage   `json:"route,omitempty"`
	Clusters []json.RawMessage `json:"clusters,omitempty"`
}

func routeOp(s *session, line []byte) (any, error) {
	var req routeRequest
	if err := decode(line, &req); err != nil {
		return nil, err
	}
	w, err := s.openWorld(req.worldRequest)
	if err != nil {
		return nil, err
	}
	view, call, err := req.call(w)
	if err != nil {
		return nil, err
	}
	result, chain := view.simulate(call)
	out := &routeResult{
		Listener:    result.ListenerMatched,
		FilterChain: result.FilterChainMatched,
		RouteConfig: result.RouteConfigMatched,
		VirtualHost: result.VirtualHostMatched,
	}
	switch {
	case errors.Is(result.Error, simulation.ErrNoVirtualHost):
		out.Outcome = outcomeNoVirtualHost
	case errors.Is(result.Error, simulation.ErrTLSRedirect):
		out.Outcome = outcomeTLSRedirect
	case errors.Is(result.Error, simulation.ErrProtocolError):
		out.Outcome = outcomeProtocolError
	case chain == nil:
		out.Outcome = outcomeRefused
		out.Reason = result.Error.Error()
	case result.VirtualHostMatched == "":
		view.describeTCP(out, chain)
	default:
		view.describeHTTP(out, chain, req.traffic())
	}
	if req.Raw {
		out.Raw = view.rawProtos(out)
	}
	return out, nil
}

// call is the connection that the proxy sees, and that proxy.
func (req *routeRequest) call(w *world) (*proxyView, simulation.Call, error) {
	call := simulation.Call{
		Port:       req.Port,
		Path:       req.Path,
		Protocol:   simulation.Protocol(orDefault(req.Protocol, "http")),
		TLS:        simulation.TLSMode(orDefault(req.TLS, "plaintext")),
		Sni:        req.SNI,
		Address:    req.Address,
		HostHeader: req.Host,
	}
	nodeType, callMode, err := proxyMode(req.Mode)
	if err != nil {
		return nil, call, err
	}
	view, err := w.view(nodeType, req.From)
	if err != nil {
		return nil, call, err
	}
	call.CallMode = callMode
	if nodeType == model.SidecarProxy {
		call.CallMode = simulation.CallModeOutbound
		if call.Address == "" {
			call.Address = view.dial(hostOnly(req.Host))
		}
	}
	return view, call, nil
}

func (req *routeRequest) traffic() *traffic {
	return &traffic{
		http:      true,
		method:    orDefault(req.Method, "GET"),
		path:      orDefault(req.Path, "/"),
		authority: req.Host,
		headers:   newHeaders(req.Headers),
		metadata:  claimsMetadata(req.Claims),
	}
}

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func hostOnly(authority string) string {
	host, _, _ := strings.Cut(authority, ":")
	return host
}
