// mesh-oracle answers questions about YAML "worlds" with Istio's own code.
//
// It reads one JSON request per line on stdin and writes one JSON answer per
// line on stdout. See README.md for the shapes.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"

	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/config/schema/gatewayapi"
	"istio.io/istio/pkg/jwt"
	istiolog "istio.io/istio/pkg/log"
)

// envelope holds the fields common to every request. Each op decodes the rest
// of the line itself, with a struct that embeds this one.
type envelope struct {
	ID         json.RawMessage `json:"id,omitempty"`
	Op         string          `json:"op"`
	YAML       string          `json:"yaml"`
	MeshConfig string          `json:"meshConfig,omitempty"`
}

// answer is one line of output: exactly one of Result and Error is set.
type answer struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Op     string          `json:"op,omitempty"`
	Result any             `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// operation answers one request line.
type operation func(s *session, line []byte) (any, error)

var operations = map[string]operation{
	"validate": validateOp,
	"analyze":  analyzeOp,
	"route":    routeOp,
	"mtls":     mtlsOp,
	"authz":    authzOp,
}

func main() {
	// Answers own the real stdout; anything a library prints goes to stderr.
	answers := os.Stdout
	os.Stdout = os.Stderr
	quietLibraries()
	acceptCRDsWithoutVersion()
	// Starting a world makes much short-lived garbage; trade memory for time.
	debug.SetGCPercent(300)

	if err := serve(os.Stdin, answers); err != nil {
		log.Fatal(err)
	}
}

func serve(in io.Reader, out io.Writer) error {
	current := &session{}
	defer func() { current.closeWorld() }()
	reader := bufio.NewReaderSize(in, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 1 {
			reply := current.answer(line)
			if current.broken {
				current.closeWorld()
				current = &session{}
			}
			if err := encoder.Encode(reply); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *session) answer(line []byte) answer {
	var head envelope
	if err := json.Unmarshal(line, &head); err != nil {
		return answer{Error: fmt.Sprintf("bad request: %v", err)}
	}
	op, known := operations[head.Op]
	if !known {
		return answer{ID: head.ID, Op: head.Op, Error: fmt.Sprintf("unknown op %q", head.Op)}
	}
	result, err := s.guard(func() (any, error) { return op(s, line) })
	if err != nil {
		return answer{ID: head.ID, Op: head.Op, Error: err.Error()}
	}
	return answer{ID: head.ID, Op: head.Op, Result: result}
}

// decode reads a request line strictly: a misspelt field is an error, not a
// question about something else.
func decode(line []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("bad request: %v", err)
	}
	return nil
}

// acceptCRDsWithoutVersion has istiod read GRPCRoutes, TCPRoutes and TLSRoutes.
// It wants these only from CRDs whose annotation names a bundle of Gateway API
// that is new enough, and Istio's fake API server has CRDs without annotations.
func acceptCRDsWithoutVersion() {
	clear(gatewayapi.MinimumCRDVersions)
}

// quietLibraries silences Istio's and client-go's logs and keeps istiod from
// fetching JWKS documents over the network.
func quietLibraries() {
	options := istiolog.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	options.SetDefaultOutputLevel(istiolog.OverrideScopeName, istiolog.NoneLevel)
	if err := istiolog.Configure(options); err != nil {
		log.Fatal(err)
	}
	klog.SetOutput(io.Discard)
	klog.LogToStderr(false)
	// A panic in one of client-go's goroutines fails its case, not the process.
	utilruntime.ReallyCrash = false
	features.JwksFetchMode = jwt.Envoy
}
