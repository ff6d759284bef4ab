package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/test"
)

// caseTimeout bounds one request; a case that exceeds it is abandoned.
const caseTimeout = 60 * time.Second

// session holds the state kept between requests: the last world that was
// opened, so that consecutive questions about the same YAML start one istiod.
type session struct {
	world   *world
	failure *failer
	// broken is set when a case panicked, hung or failed inside Istio: the
	// open world can then not be trusted, and may still be in use.
	broken bool
}

// guard runs one case so that a panic, a Fatal from Istio's test helpers or a
// hang becomes an error and marks the session broken: it must be replaced.
// Any other error is one of the question, and the world stays open.
func (s *session) guard(run func() (any, error)) (any, error) {
	type outcome struct {
		result any
		err    error
		broken bool
	}
	done := make(chan outcome, 1)
	go func() {
		finished := outcome{err: errors.New("case ended early"), broken: true}
		defer func() {
			if p := recover(); p != nil {
				finished = outcome{err: fmt.Errorf("panic: %v\n%s", p, debug.Stack()), broken: true}
			} else if s.failure != nil && s.failure.err() != nil {
				finished = outcome{err: s.failure.err(), broken: true}
			}
			done <- finished
		}()
		result, err := run()
		finished = outcome{result: result, err: err}
	}()

	select {
	case end := <-done:
		s.broken = end.broken
		return end.result, end.err
	case <-time.After(caseTimeout):
		s.broken = true
		return nil, fmt.Errorf("timed out after %v", caseTimeout)
	}
}

// forgetCollections empties the global in which Istio registers every
// collection for its debug endpoint, so that finished cases can be freed.
func forgetCollections() {
	krt.GlobalDebugHandler = new(krt.DebugHandler)
}

// closeWorld stops the open world, if any, and frees what it holds.
func (s *session) closeWorld() {
	if s.failure != nil {
		s.failure.cleanup()
	}
	s.world, s.failure = nil, nil
}

// failer implements Istio's test.Failer outside `go test`: Fatal records the
// message and ends the calling goroutine, Cleanup runs when the world closes.
type failer struct {
	mu       sync.Mutex
	failed   error
	cleanups []func()
}

var _ test.Failer = &failer{}

func (f *failer) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed
}

func (f *failer) cleanup() {
	for {
		f.mu.Lock()
		if len(f.cleanups) == 0 {
			f.mu.Unlock()
			return
		}
		last := f.cleanups[len(f.cleanups)-1]
		f.cleanups = f.cleanups[:len(f.cleanups)-1]
		f.mu.Unlock()
		last()
	}
}

func (f *failer) Cleanup(fn func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cleanups = append(f.cleanups, fn)
}

func (f *failer) Fatal(args ...any) {
	f.mu.Lock()
	if f.failed == nil {
		f.failed = errors.New(fmt.Sprint(args...))
	}
	f.mu.Unlock()
	runtime.Goexit()
}

func (f *failer) Fatalf(format string, args ...any) { f.Fatal(fmt.Sprintf(format, args...)) }
func (f *failer) Fail()                             { f.Fatal("Fail called") }
func (f *failer) FailNow()                          { f.Fatal("FailNow called") }
func (f *failer) Skip(args ...any)                  { f.Fatal(args...) }
func (f *failer) Log(...any)                        {}
func (f *failer) Logf(string, ...any)               {}
func (f *failer) Helper()                           {}

func (f *failer) TempDir() string {
	dir, err := os.MkdirTemp("", "mesh-oracle")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
