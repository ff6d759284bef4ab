package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// grpcType is the content type of a gRPC message.
const grpcType = "application/grpc"

// p99Quantile is the standard normal's 99th percentile.
const p99Quantile = 2.326

// latency is a log-normal distribution given by two of its percentiles,
// milliseconds.
type latency struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

func (l latency) sample() time.Duration {
	if l.P50 <= 0 {
		return 0
	}
	sigma := math.Log(l.P99/l.P50) / p99Quantile
	millis := l.P50 * math.Exp(sigma*rand.NormFloat64())
	return time.Duration(millis * float64(time.Millisecond))
}

// control handles /ctl as the plain server does: see server.go.
func (w *workload) control(out http.ResponseWriter, r *http.Request) {
	controlKnobs(out, r, knobs{fail: &w.failPercent, delay: &w.delayMillis, hits: &w.hits})
}

func (w *workload) answer(out http.ResponseWriter, r *http.Request) {
	w.hits.Add(1)
	delay := w.settings.Latency.sample() + time.Duration(w.delayMillis.Load())*time.Millisecond
	if !wait(r, delay) {
		return
	}
	status, answered := w.fail(r)
	if answered {
		return
	}
	if status == http.StatusOK {
		status = w.makeCalls(r)
	}
	if status == 0 {
		// The connection ends without an answer.
		panic(http.ErrAbortHandler)
	}
	if strings.HasPrefix(r.Header.Get("content-type"), grpcType) {
		answerGRPC(out, status, w.settings.Version)
		return
	}
	w.answerJSON(out, r, status)
}

// wait returns false when the caller went away first.
func wait(r *http.Request, delay time.Duration) bool {
	select {
	case <-time.After(delay):
		return true
	case <-r.Context().Done():
		return false
	}
}

// fail decides whether this request fails by itself; answered is true when the
// caller went away while it waited.
func (w *workload) fail(r *http.Request) (status int, answered bool) {
	if int64(rand.Intn(100)) < w.failPercent.Load() {
		return http.StatusServiceUnavailable, false
	}
	for _, one := range w.settings.Failures {
		if len(one.Paths) > 0 && !slices.Contains(one.Paths, r.URL.Path) {
			continue
		}
		if rand.Float64() >= one.Share {
			continue
		}
		if !wait(r, time.Duration(one.WaitMillis)*time.Millisecond) {
			return 0, true
		}
		return one.Status, false
	}
	return http.StatusOK, false
}

func (w *workload) answerJSON(out http.ResponseWriter, r *http.Request, status int) {
	out.Header().Set("content-type", "application/json")
	out.Header().Set("x-app-version", w.settings.Version)
	out.WriteHeader(status)
	body := map[string]any{
		"name": w.settings.Name, "version": w.settings.Version,
		"pod": os.Getenv("POD_NAME"), "path": r.URL.Path,
	}
	if status == http.StatusOK && w.settings.Bytes > 0 {
		body["filler"] = strings.Repeat(".", w.settings.Bytes)
	}
	// An error here is a caller that went away.
	_ = json.NewEncoder(out).Encode(body)
}

// answerGRPC sends one empty message and the status in a trailer; 14 is gRPC's
// "unavailable".
func answerGRPC(out http.ResponseWriter, status int, version string) {
	code := 0
	if status != http.StatusOK {
		code = 14
	}
	out.Header().Set("content-type", grpcType)
	out.Header().Set("x-app-version", version)
	out.Header().Set("trailer", "grpc-status")
	out.WriteHeader(http.StatusOK)
	if code == 0 {
		_, _ = out.Write([]byte{0, 0, 0, 0, 0})
	}
	out.Header().Set("grpc-status", fmt.Sprint(code))
}
