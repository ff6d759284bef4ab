package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rbac "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	extauthz "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_authz/v3"
	jwt "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/jwt_authn/v3"
	httprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	netextauthz "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/ext_authz/v3"
	netrbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	authzmodel "istio.io/istio/pilot/pkg/security/authz/model"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/pkg/xds/filters"
	"istio.io/istio/pilot/test/xdstest"
	"istio.io/istio/pkg/wellknown"
)

type authzRequest struct {
	worldRequest
	Server    workload          `json:"server"`
	Mode      string            `json:"mode,omitempty"`      // sidecar (default) or gateway
	Port      int               `json:"port"`                // container port
	Protocol  string            `json:"protocol,omitempty"`  // http (default), http2, tcp: what the client speaks
	Principal string            `json:"principal,omitempty"` // spiffe://...: the call uses mTLS; empty: plaintext
	SourceIP  string            `json:"sourceIp,omitempty"`  // the peer's address
	RemoteIP  string            `json:"remoteIp,omitempty"`  // original client behind proxies; default see README
	SNI       string            `json:"sni,omitempty"`
	Host      string            `json:"host,omitempty"`
	Method    string            `json:"method,omitempty"`
	Path      string            `json:"path,omitempty"`
	Headers   map[string]string `json:"headers,omitempty"`
	Claims    map[string]any    `json:"claims,omitempty"` // of a token with a good signature; needs "iss"
}

const (
	decisionAllow        = "allow"
	decisionDeny         = "deny"         // 403, or the connection is closed on TCP
	decisionUnauthorized = "unauthorized" // 401: the token's issuer is not accepted
	decisionRefused      = "refused"      // the listener takes no such connection (mTLS mode, protocol)
	decisionExternal     = "external"     // an ext_authz provider decides
)

type authzResult struct {
	Decision string `json:"decision"`
	Reason   string `json:"reason,omitempty"`
	// Policies are the rules that decided: those that denied, or those that
	// allowed. Empty when no ALLOW rule matched or none exists.
	Policies    []string      `json:"policies"`
	FilterChain string        `json:"filterChain,omitempty"`
	Filters     []filterTrace `json:"filters"`
}

// filterTrace is one authorization filter in the order Envoy runs them.
type filterTrace struct {
	Filter   string   `json:"filter"`
	Action   string   `json:"action"`
	Matching []string `json:"matching"`
	// DryRun are matching rules of dry-run policies, which decide nothing.
	DryRun []string `json:"dryRun,omitempty"`
}

func authzOp(s *session, line []byte) (any, error) {
	var req authzRequest
	if err := decode(line, &req); err != nil {
		return nil, err
	}
	w, err := s.openWorld(req.worldRequest)
	if err != nil {
		return nil, err
	}
	nodeType, callMode, err := proxyMode(req.Mode)
	if err != nil {
		return nil, err
	}
	view, err := w.view(nodeType, req.Server)
	if err != nil {
		return nil, err
	}
	t, err := req.traffic(view)
	if err != nil {
		return nil, err
	}

	call := simulation.Call{
		Port:       req.Port,
		Path:       t.path,
		Protocol:   simulation.Protocol(orDefault(req.Protocol, "http")),
		HostHeader: req.Host,
		Sni:        req.SNI,
		CallMode:   callMode,
		TLS:        simulation.Plaintext,
	}
	if req.Principal != "" {
		call.TLS = simulation.MTLS
	}
	result, chain := view.simulate(call)
	out := &authzResult{Policies: []string{}, Filters: []filterTrace{}, FilterChain: result.FilterChainMatched}
	if chain == nil || errors.Is(result.Error, simulation.ErrProtocolError) {
		out.Decision = decisionRefused
		out.Reason = result.Error.Error()
		return out, nil
	}
	if chain.GetTransportSocket() == nil {
		t.principal = "" // TLS, if any, is not terminated here
	}
	out.decide(chain, t, req.Claims)
	return out, nil
}

func (req *authzRequest) traffic(view *proxyView) (*traffic, error) {
	t := &traffic{
		method:     orDefault(req.Method, "GET"),
		path:       orDefault(req.Path, "/"),
		authority:  req.Host,
		headers:    newHeaders(req.Headers),
		principal:  req.Principal,
		targetPort: uint32(req.Port),
		sni:        req.SNI,
	}
	peer := orDefault(req.SourceIP, strayAddress)
	remote := peer
	if forwarded := t.headers["x-forwarded-for"]; forwarded != "" {
		hops := strings.Split(forwarded, ",")
		remote = strings.TrimSpace(hops[len(hops)-1])
	}
	remote = orDefault(req.RemoteIP, remote)
	var err error
	for _, address := range []struct {
		into *netip.Addr
		text string
	}{{&t.peerIP, peer}, {&t.remoteIP, remote}, {&t.targetIP, view.proxy.IPAddresses[0]}} {
		if *address.into, err = netip.ParseAddr(address.text); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// decide runs the chain's authorization filters in order, network filters
// first, until one of them decides.
func (out *authzResult) decide(chain *listener.FilterChain, t *traffic, claims map[string]any) {
	for _, filter := range chain.GetFilters() {
		switch filter.GetName() {
		case wellknown.RoleBasedAccessControl:
			config := unmarshal[netrbac.RBAC](filter.GetTypedConfig())
			if out.runRBAC(filter.GetName(), config.GetRules(), config.GetShadowRules(), config.GetShadowRulesStatPrefix(), t) {
				return
			}
		case wellknown.ExternalAuthorization:
			config := unmarshal[netextauthz.ExtAuthz](filter.GetTypedConfig())
			if out.runExternal(filter.GetName(), config.GetFilterEnabledMetadata() != nil) {
				return
			}
		case wellknown.HTTPConnectionManager:
			t.http = true
			if out.decideHTTP(chain, t, claims) {
				return
			}
		}
	}
	out.Decision = decisionAllow
}

func (out *authzResult) decideHTTP(chain *listener.FilterChain, t *traffic, claims map[string]any) bool {
	for _, filter := range xdstest.ExtractHTTPConnectionManager(&failer{}, chain).GetHttpFilters() {
		config := filter.GetTypedConfig()
		switch filter.GetName() {
		case filters.EnvoyJwtFilterName:
			if out.runJWT(unmarshal[jwt.JwtAuthentication](config), t, claims) {
				return true
			}
		case wellknown.HTTPRoleBasedAccessControl:
			rules := unmarshal[httprbac.RBAC](config)
			if out.runRBAC(filter.GetName(), rules.GetRules(), rules.GetShadowRules(), rules.GetShadowRulesStatPrefix(), t) {
				return true
			}
		case wellknown.HTTPExternalAuthorization:
			if out.runExternal(filter.GetName(), unmarshal[extauthz.ExtAuthz](config).GetFilterEnabledMetadata() != nil) {
				return true
			}
		}
	}
	return false
}

// runRBAC reports whether the filter ended the request.
func (out *authzResult) runRBAC(name string, rules, shadow *rbac.RBAC, shadowPrefix string, t *traffic) bool {
	trace := filterTrace{Filter: name, Action: "none", Matching: []string{}}
	if shadowPrefix == authzmodel.RBACExtAuthzShadowRulesStatPrefix {
		// CUSTOM: the matches only switch the ext_authz filter that follows.
		trace.Action = "CUSTOM"
		trace.Matching = matchingPolicies(shadow, t)
		out.Filters = append(out.Filters, trace)
		return false
	}
	if shadow != nil {
		trace.DryRun = matchingPolicies(shadow, t)
	}
	if rules != nil {
		trace.Action = rules.GetAction().String()
		trace.Matching = matchingPolicies(rules, t)
	}
	out.Filters = append(out.Filters, trace)
	if rules == nil {
		return false
	}
	matched := len(trace.Matching) > 0
	switch rules.GetAction() {
	case rbac.RBAC_DENY:
		if matched {
			out.Decision, out.Policies = decisionDeny, trace.Matching
			out.Reason = "a DENY rule matched"
			return true
		}
	case rbac.RBAC_ALLOW:
		if !matched {
			out.Decision, out.Reason = decisionDeny, "no ALLOW rule matched"
			return true
		}
		out.Policies = trace.Matching
	}
	return false
}

// runExternal ends the evaluation when a CUSTOM rule sent the request to a
// provider, whose answer is not known here.
func (out *authzResult) runExternal(name string, onlyWhenMatched bool) bool {
	if len(out.Filters) == 0 {
		return false
	}
	last := out.Filters[len(out.Filters)-1]
	if onlyWhenMatched && len(last.Matching) == 0 {
		return false
	}
	out.Filters = append(out.Filters, filterTrace{Filter: name, Action: "external", Matching: last.Matching})
	out.Decision, out.Policies = decisionExternal, last.Matching
	out.Reason = "a CUSTOM rule matched"
	return true
}

// runJWT accepts a token when a provider of the filter has its issuer and
// audience, and then publishes the claims as Envoy does. It does not model
// token locations or signatures.
func (out *authzResult) runJWT(config *jwt.JwtAuthentication, t *traffic, claims map[string]any) bool {
	if claims == nil {
		return false
	}
	out.Decision = decisionUnauthorized
	for _, provider := range config.GetProviders() {
		if provider.GetIssuer() != claims["iss"] {
			continue
		}
		if audienceAccepted(provider, claims) {
			out.Decision = ""
			t.metadata = claimsMetadata(splitClaims(claims, provider))
			return false
		}
		// Of all that can be wrong with a token, this alone is 403 with Envoy (jwt_authn, kJwtAudienceNotAllowed).
		out.Decision = decisionDeny
	}
	out.Reason = fmt.Sprintf("no RequestAuthentication accepts issuer %v with audience %v", claims["iss"], claims["aud"])
	return true
}

func audienceAccepted(provider *jwt.JwtProvider, claims map[string]any) bool {
	if len(provider.GetAudiences()) == 0 {
		return true
	}
	audiences, isList := claims["aud"].([]any)
	if !isList {
		audiences = []any{claims["aud"]}
	}
	for _, wanted := range provider.GetAudiences() {
		for _, audience := range audiences {
			if audience == wanted {
				return true
			}
		}
	}
	return false
}

// splitClaims turns space-delimited claims such as scope into lists.
func splitClaims(claims map[string]any, provider *jwt.JwtProvider) map[string]any {
	split := make(map[string]any, len(claims))
	for name, value := range claims {
		split[name] = value
	}
	for _, name := range provider.GetNormalizePayloadInMetadata().GetSpaceDelimitedClaims() {
		if text, isString := split[name].(string); isString {
			list := []any{}
			for _, word := range strings.Fields(text) {
				list = append(list, word)
			}
			split[name] = list
		}
	}
	return split
}

func unmarshal[T any, P interface {
	*T
	proto.Message
}](config *anypb.Any) P {
	message := P(new(T))
	if err := config.UnmarshalTo(message); err != nil {
		panic(err)
	}
	return message
}
