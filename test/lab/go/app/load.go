package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// codeError stands for a request without an answer.
const codeError = "error"

// keptLatencies bounds the memory of a client that runs for days: percentiles
// are then those of the first this many requests.
const keptLatencies = 1_000_000

// outcome is what became of one request.
type outcome struct {
	code    string
	version string
	err     error
}

// plan says how many requests to send and how fast.
type plan struct {
	count, workers, perSecond int
	targets                   []string
}

// counts is the JSON printed at the end. Latencies are milliseconds.
type counts struct {
	Codes    map[string]int `json:"codes"`
	Versions map[string]int `json:"versions,omitempty"`
	Errors   map[string]int `json:"errors,omitempty"`
	P50      float64        `json:"p50"`
	P99      float64        `json:"p99"`
	Max      float64        `json:"max"`
	Seconds  float64        `json:"secs"`
}

type headerFlags struct {
	host   string
	others http.Header
}

func (h *headerFlags) String() string { return "" }

func (h *headerFlags) Set(text string) error {
	name, value, found := strings.Cut(text, ":")
	if !found {
		return errors.New("a header is written as 'name: value'")
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if strings.EqualFold(name, "host") {
		h.host = value
	} else {
		h.others.Set(name, value)
	}
	return nil
}

func loadHTTP(args []string) error {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	method := flags.String("method", http.MethodGet, "HTTP method")
	headers := headerFlags{others: http.Header{}}
	flags.Var(&headers, "H", "header, may be repeated")
	p, err := readPlan(flags, args)
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = p.workers
	client := &http.Client{
		Timeout:   callTimeout,
		Transport: transport,
		// A redirect is an answer to count, not one to follow.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p.run(func(url string) outcome {
		request, err := http.NewRequest(*method, url, nil)
		if err != nil {
			return outcome{code: codeError, err: err}
		}
		request.Header = headers.others.Clone()
		request.Host = headers.host
		response, err := client.Do(request)
		if err != nil {
			return outcome{code: codeError, err: err}
		}
		defer response.Body.Close()
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return outcome{code: codeError, err: err}
		}
		return outcome{code: strconv.Itoa(response.StatusCode), version: response.Header.Get("x-app-version")}
	})
}

func loadTCP(args []string) error {
	p, err := readPlan(flag.NewFlagSet("tcp-load", flag.ExitOnError), args)
	if err != nil {
		return err
	}
	return p.run(askTCP)
}

func readPlan(flags *flag.FlagSet, args []string) (plan, error) {
	count := flags.Int("n", 1, "requests, 0: until asked to end")
	workers := flags.Int("c", 4, "requests at a time")
	perSecond := flags.Int("rps", 0, "requests per second, 0: as fast as they go")
	if err := flags.Parse(args); err != nil {
		return plan{}, err
	}
	if flags.NArg() == 0 {
		return plan{}, errors.New("say at least one address to send requests to")
	}
	if *count < 0 || *workers < 1 || *perSecond < 0 {
		return plan{}, errors.New("-n and -rps must be 0 or more, -c 1 or more")
	}
	return plan{*count, *workers, *perSecond, flags.Args()}, nil
}

// run sends the requests, each to the next of the targets, and prints one line
// of counts. A request to end the process stops it early and prints as well.
func (p plan) run(send func(target string) outcome) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	result := newTally()
	jobs := make(chan string)
	var workers sync.WaitGroup
	for range p.workers {
		workers.Go(func() {
			for target := range jobs {
				started := time.Now()
				got := send(target)
				result.add(got, time.Since(started))
			}
		})
	}
	started := time.Now()
	p.feed(ctx, jobs)
	close(jobs)
	workers.Wait()
	return json.NewEncoder(os.Stdout).Encode(result.counts(time.Since(started)))
}

func (p plan) feed(ctx context.Context, jobs chan<- string) {
	started := time.Now()
	for i := 0; p.count == 0 || i < p.count; i++ {
		if p.perSecond > 0 {
			due := started.Add(time.Duration(i) * time.Second / time.Duration(p.perSecond))
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Until(due)):
			}
		}
		select {
		case <-ctx.Done():
			return
		case jobs <- p.targets[i%len(p.targets)]:
		}
	}
}

// tally collects outcomes from all workers.
type tally struct {
	mu        sync.Mutex
	codes     map[string]int
	versions  map[string]int
	errors    map[string]int
	latencies []float64
}

func newTally() *tally {
	return &tally{codes: map[string]int{}, versions: map[string]int{}, errors: map[string]int{}}
}

func (t *tally) add(got outcome, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.codes[got.code]++
	if got.version != "" {
		t.versions[got.version]++
	}
	if got.err != nil {
		t.errors[lastCause(got.err)]++
	}
	if len(t.latencies) < keptLatencies {
		t.latencies = append(t.latencies, float64(took.Microseconds())/1000)
	}
}

// lastCause drops the address and port that make every message different.
func lastCause(err error) string {
	text := err.Error()
	return strings.TrimSpace(text[strings.LastIndex(text, ": ")+1:])
}

func (t *tally) counts(took time.Duration) counts {
	slices.Sort(t.latencies)
	at := func(share float64) float64 {
		if len(t.latencies) == 0 {
			return 0
		}
		return t.latencies[min(len(t.latencies)-1, int(share*float64(len(t.latencies))))]
	}
	return counts{
		Codes: t.codes, Versions: t.versions, Errors: t.errors,
		P50: at(.5), P99: at(.99), Max: at(1), Seconds: took.Seconds(),
	}
}

func deadline() time.Time { return time.Now().Add(callTimeout) }
