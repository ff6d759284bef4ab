package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// call is made while a request is answered.
type call struct {
	target
	// How many calls one request causes; the fraction is a chance.
	PerRequest float64 `json:"perRequest"`
	// Namespace/service account of the callers for whom it is made; empty: all.
	OnlyFrom []string `json:"onlyFrom"`
	// What the caller hears when the call fails: a status, 0 for a connection
	// that ends; absent: it does not hear of it.
	OnFailure *int `json:"onFailure"`
}

// target is where a request goes.
type target struct {
	// http, grpc or tcp.
	Protocol string `json:"protocol"`
	// host:port
	Address  string    `json:"address"`
	Requests []request `json:"requests"`
	// Milliseconds after which the caller gives up; 0: fifteen seconds.
	TimeoutMillis int `json:"timeoutMillis"`
	BytesSent     int `json:"bytesSent"`
	BytesReceived int `json:"bytesReceived"`
}

type request struct {
	Share   float64           `json:"share"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
}

// sendRate is steady traffic that nobody asked for.
type sendRate struct {
	target
	PerSecond float64 `json:"perSecond"`
}

// clients speak HTTP/1 and, for gRPC, HTTP/2 without TLS: the sidecar encrypts.
type clients struct {
	http, grpc *http.Client
}

func newClients() clients {
	plain := http.DefaultTransport.(*http.Transport).Clone()
	plain.MaxIdleConnsPerHost = 16
	second := plain.Clone()
	second.Protocols = new(http.Protocols)
	second.Protocols.SetUnencryptedHTTP2(true)
	return clients{http: &http.Client{Transport: plain}, grpc: &http.Client{Transport: second}}
}

// makeCalls returns the status to answer with.
func (w *workload) makeCalls(cause *http.Request) int {
	caller := callerOf(cause)
	for _, one := range w.settings.Calls {
		if len(one.OnlyFrom) > 0 && !slices.Contains(one.OnlyFrom, caller) {
			continue
		}
		for range times(one.PerRequest) {
			err := w.clients.ask(one.target, cause)
			if err != nil && one.OnFailure != nil {
				return *one.OnFailure
			}
		}
	}
	return http.StatusOK
}

// times turns 1.25 into one, and into two in a quarter of all cases.
func times(perRequest float64) int {
	whole := int(perRequest)
	if rand.Float64() < perRequest-float64(whole) {
		whole++
	}
	return whole
}

// callerOf reads namespace/account from what the sidecar says of the caller's
// certificate; empty for a caller outside the mesh.
func callerOf(r *http.Request) string {
	_, rest, found := strings.Cut(r.Header.Get("x-forwarded-client-cert"), "URI=spiffe://")
	if !found {
		return ""
	}
	identity, _, _ := strings.Cut(rest, ";")
	parts := strings.Split(identity, "/")
	if len(parts) != 5 {
		return ""
	}
	return parts[2] + "/" + parts[4]
}

// ask sends one request and reads its answer; a status from 500 on is an error.
func (c clients) ask(to target, cause *http.Request) error {
	timeout := callTimeout
	if to.TimeoutMillis > 0 {
		timeout = time.Duration(to.TimeoutMillis) * time.Millisecond
	}
	if to.Protocol == "tcp" {
		return exchange(to, timeout)
	}
	one := pick(to.Requests)
	var body io.Reader
	client := c.http
	if to.Protocol == "grpc" {
		client, body = c.grpc, bytes.NewReader([]byte{0, 0, 0, 0, 0})
	}
	made, err := http.NewRequest(one.Method, "http://"+to.Address+one.Path, body)
	if err != nil {
		return err
	}
	if to.Protocol == "grpc" {
		made.Header.Set("content-type", grpcType)
		made.Header.Set("te", "trailers")
	}
	copyTrace(made, cause)
	for name, value := range one.Headers {
		if strings.EqualFold(name, "host") {
			made.Host = value
		} else {
			made.Header.Set(name, value)
		}
	}
	return finish(client, made, timeout)
}

func copyTrace(made, cause *http.Request) {
	if cause == nil {
		return
	}
	for _, name := range traceHeaders {
		if value := cause.Header.Get(name); value != "" {
			made.Header.Set(name, value)
		}
	}
}

func finish(client *http.Client, made *http.Request, timeout time.Duration) error {
	limited := *client
	limited.Timeout = timeout
	response, err := limited.Do(made)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode >= 500 {
		return fmt.Errorf("%s: %s", made.URL.Host, response.Status)
	}
	if status := response.Trailer.Get("grpc-status"); status != "" && status != "0" {
		return fmt.Errorf("%s: gRPC status %s", made.URL.Host, status)
	}
	return nil
}

// pick chooses by the shares, which sum to one.
func pick(requests []request) request {
	at := rand.Float64()
	for _, one := range requests {
		if at -= one.Share; at < 0 {
			return one
		}
	}
	return requests[len(requests)-1]
}

// send keeps the rate whatever the answers are; a slow answer holds up no other.
func (w *workload) send(what sendRate) {
	if what.PerSecond <= 0 {
		return
	}
	gap := time.Duration(float64(time.Second) / what.PerSecond)
	for range time.Tick(gap) {
		go func() {
			if err := w.clients.ask(what.target, nil); err != nil {
				fmt.Fprintln(os.Stderr, lastCause(err))
			}
		}()
	}
}
