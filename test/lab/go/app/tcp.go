package main

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"os"
	"strings"
)

// serveTCP answers every line with "NAME VERSION LINE".
func serveTCP(args []string) error {
	flags := flag.NewFlagSet("tcp", flag.ExitOnError)
	port := flags.Int("port", 5432, "port to listen on")
	name := flags.String("name", "app", "name in the answers")
	version := flags.String("version", "v1", "version in the answers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", *port))
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s %s serves TCP on port %d\n", *name, *version, *port)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer connection.Close()
			lines := bufio.NewScanner(connection)
			for lines.Scan() {
				if _, err := fmt.Fprintln(connection, *name, *version, lines.Text()); err != nil {
					return
				}
			}
		}()
	}
}

// askTCP sends one line on a connection of its own. The outcome is "ok" or
// "error"; the version is what the server calls itself.
func askTCP(address string) outcome {
	dialer := net.Dialer{Timeout: callTimeout}
	connection, err := dialer.Dial("tcp", address)
	if err != nil {
		return outcome{code: codeError, err: err}
	}
	defer connection.Close()
	if err := connection.SetDeadline(deadline()); err != nil {
		return outcome{code: codeError, err: err}
	}
	if _, err := fmt.Fprintln(connection, "hello"); err != nil {
		return outcome{code: codeError, err: err}
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return outcome{code: codeError, err: err}
	}
	words := strings.Fields(line)
	if len(words) != 3 || words[2] != "hello" {
		return outcome{code: codeError, err: fmt.Errorf("unexpected answer %q", line)}
	}
	return outcome{code: "ok", version: words[1]}
}
