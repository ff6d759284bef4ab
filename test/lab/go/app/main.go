// labapp is what runs inside the lab's Pods: a small HTTP or TCP service, and
// a client that sends bounded or steady traffic and counts what came back.
//
//	labapp server   [-port N] [-name S] [-version S] [-next URL,URL] [-fail PERCENT] [-delay MS]
//	labapp tcp      [-port N] [-name S] [-version S]
//	labapp load     [-n N] [-c N] [-rps N] [-method S] [-H 'name: value'] URL...
//	labapp tcp-load [-n N] [-c N] [-rps N] HOST:PORT...
//	labapp workload     a service of a world, as LABAPP_WORKLOAD says (workload.go)
//
//	labapp certificate  -host NAME -certificate FILE -key FILE
//
// -n 0 sends until the process is asked to end; the counts are printed then.
package main

import (
	"fmt"
	"os"
)

var commands = map[string]func(args []string) error{
	"server":      serveHTTP,
	"tcp":         serveTCP,
	"load":        loadHTTP,
	"tcp-load":    loadTCP,
	"workload":    runWorkload,
	"certificate": writeCertificate,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: labapp server|tcp|load|tcp-load [flags]")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "labapp:", err)
		os.Exit(1)
	}
}
