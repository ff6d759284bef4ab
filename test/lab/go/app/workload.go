package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
)

// workloadVariable is the environment variable that holds the settings as JSON.
const workloadVariable = "LABAPP_WORKLOAD"

// workloadSettings describe one service of a world: where it listens, how long
// it takes, whom it calls, what fails.
type workloadSettings struct {
	Name     string     `json:"name"`
	Version  string     `json:"version"`
	Listen   []listen   `json:"listen"`
	Latency  latency    `json:"latency"`
	Bytes    int        `json:"responseBytes"`
	Calls    []call     `json:"calls"`
	Failures []failure  `json:"failures"`
	Sends    []sendRate `json:"sends"`
}

type listen struct {
	Port int `json:"port"`
	// http (also gRPC), tcp or tls (HTTP behind a certificate of its own).
	Protocol string `json:"protocol"`
	// TLS: files of the certificate and its key.
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}

// failure is something that goes wrong for a share of the requests to a path.
type failure struct {
	Share float64  `json:"share"`
	Paths []string `json:"paths"`
	// Status that is answered; 0 for none.
	Status int `json:"status"`
	// Milliseconds to wait first.
	WaitMillis int `json:"waitMillis"`
}

// workload is a running service of a world.
type workload struct {
	settings    workloadSettings
	clients     clients
	failPercent atomic.Int64
	delayMillis atomic.Int64
	hits        atomic.Int64
}

// runWorkload serves until a listener fails.
func runWorkload([]string) error {
	text := os.Getenv(workloadVariable)
	if text == "" {
		return errors.New("set " + workloadVariable)
	}
	w := &workload{clients: newClients()}
	if err := json.Unmarshal([]byte(text), &w.settings); err != nil {
		return fmt.Errorf("%s: %w", workloadVariable, err)
	}
	ended := make(chan error)
	for _, one := range w.settings.Listen {
		go func() { ended <- w.serve(one) }()
	}
	for _, one := range w.settings.Sends {
		go w.send(one)
	}
	return <-ended
}

func (w *workload) serve(on listen) error {
	address := fmt.Sprintf(":%d", on.Port)
	fmt.Fprintf(os.Stderr, "%s %s serves %s on port %d\n", w.settings.Name, w.settings.Version, on.Protocol, on.Port)
	if on.Protocol == "tcp" {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		return serveExchange(listener)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/ctl", w.control)
	mux.HandleFunc("/", w.answer)
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Addr: address, Handler: mux, Protocols: protocols}
	if on.Protocol == "tls" {
		return server.ListenAndServeTLS(on.Certificate, on.Key)
	}
	return server.ListenAndServe()
}
