package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// traceHeaders are copied from an incoming call to the calls it causes: the
// sidecar can only tie the two together if the application passes them on.
var traceHeaders = []string{
	"x-request-id", "traceparent", "tracestate", "b3",
	"x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "end-user",
}

// callTimeout bounds every call this program makes.
const callTimeout = 15 * time.Second

// service is one HTTP service. Fail, delay and hits can be read and changed at
// run time through /ctl.
type service struct {
	name, version string
	next          []string
	client        *http.Client
	failPercent   atomic.Int64
	delayMillis   atomic.Int64
	hits          atomic.Int64
}

// reply is the JSON body of every answer.
type reply struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Pod     string `json:"pod"`
	// XFCC is true when the sidecar vouches for a caller's certificate.
	XFCC   bool       `json:"xfcc"`
	Method string     `json:"method"`
	Host   string     `json:"host"`
	Path   string     `json:"path"`
	Calls  []callMade `json:"calls,omitempty"`
}

type callMade struct {
	URL   string `json:"url"`
	Code  int    `json:"code,omitempty"`
	Error string `json:"error,omitempty"`
	Body  any    `json:"body,omitempty"`
}

func serveHTTP(args []string) error {
	flags := flag.NewFlagSet("server", flag.ExitOnError)
	port := flags.Int("port", 9080, "port to listen on")
	name := flags.String("name", "app", "name in the answers")
	version := flags.String("version", "v1", "version in the answers")
	next := flags.String("next", "", "comma list of URLs called for every request")
	fail := flags.Int64("fail", 0, "percent of requests answered 503")
	delay := flags.Int64("delay", 0, "milliseconds before each answer")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s := &service{name: *name, version: *version, client: &http.Client{Timeout: callTimeout}}
	if *next != "" {
		s.next = strings.Split(*next, ",")
	}
	s.failPercent.Store(*fail)
	s.delayMillis.Store(*delay)

	mux := http.NewServeMux()
	mux.HandleFunc("/ctl", s.control)
	mux.HandleFunc("/", s.answer)
	fmt.Fprintf(os.Stderr, "%s %s serves HTTP on port %d\n", *name, *version, *port)
	return http.ListenAndServe(fmt.Sprintf(":%d", *port), mux)
}

// control handles /ctl?fail=PERCENT&delay=MS&reset: sets what is given and
// shows all three. `reset` sets the counter to zero after showing it.
func (s *service) control(w http.ResponseWriter, r *http.Request) {
	controlKnobs(w, r, knobs{fail: &s.failPercent, delay: &s.delayMillis, hits: &s.hits})
}

// knobs are what /ctl sets and shows.
type knobs struct{ fail, delay, hits *atomic.Int64 }

func controlKnobs(w http.ResponseWriter, r *http.Request, k knobs) {
	query := r.URL.Query()
	for key, value := range map[string]*atomic.Int64{"fail": k.fail, "delay": k.delay} {
		if !query.Has(key) {
			continue
		}
		number, err := strconv.ParseInt(query.Get(key), 10, 64)
		if err != nil {
			http.Error(w, key+" must be a whole number", http.StatusBadRequest)
			return
		}
		value.Store(number)
	}
	hits := k.hits.Load()
	if query.Has("reset") {
		k.hits.Store(0)
	}
	fmt.Fprintf(w, "{\"fail\":%d,\"delay\":%d,\"hits\":%d}\n", k.fail.Load(), k.delay.Load(), hits)
}

func (s *service) answer(w http.ResponseWriter, r *http.Request) {
	s.hits.Add(1)
	time.Sleep(time.Duration(s.delayMillis.Load()) * time.Millisecond)
	code := http.StatusOK
	if wanted, ok := strings.CutPrefix(r.URL.Path, "/status/"); ok {
		number, err := strconv.Atoi(wanted)
		if err != nil || number < 200 || number > 599 {
			http.Error(w, "/status/ wants a number from 200 to 599", http.StatusBadRequest)
			return
		}
		code = number
	}
	if int64(rand.Intn(100)) < s.failPercent.Load() {
		code = http.StatusServiceUnavailable
	}
	out := reply{
		Name: s.name, Version: s.version, Pod: os.Getenv("POD_NAME"),
		XFCC:   r.Header.Get("x-forwarded-client-cert") != "",
		Method: r.Method, Host: r.Host, Path: r.URL.RequestURI(),
	}
	if code == http.StatusOK {
		for _, url := range s.next {
			out.Calls = append(out.Calls, s.call(url, r))
		}
	}
	w.Header().Set("content-type", "application/json")
	w.Header().Set("x-app-version", s.version)
	w.WriteHeader(code)
	// An error here is a caller that went away.
	_ = json.NewEncoder(w).Encode(out)
}

func (s *service) call(url string, cause *http.Request) callMade {
	request, err := http.NewRequestWithContext(cause.Context(), http.MethodGet, url, nil)
	if err != nil {
		return callMade{URL: url, Error: err.Error()}
	}
	for _, name := range traceHeaders {
		if value := cause.Header.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := s.client.Do(request)
	if err != nil {
		return callMade{URL: url, Error: err.Error()}
	}
	defer response.Body.Close()
	made := callMade{URL: url, Code: response.StatusCode}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		made.Error = err.Error()
	} else if json.Unmarshal(body, &made.Body) != nil {
		made.Body = string(body)
	}
	return made
}
