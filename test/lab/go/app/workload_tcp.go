package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// connectionsLast is how long a TCP exchange stays open.
const connectionsLast = 2 * time.Second

// serveExchange answers "GIVE n" with n bytes after it has read what follows.
func serveExchange(listener net.Listener) error {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer connection.Close()
			reader := bufio.NewReader(connection)
			var sent, wanted int
			if _, err := fmt.Fscanf(reader, "SEND %d GIVE %d\n", &sent, &wanted); err != nil {
				return
			}
			if _, err := io.CopyN(io.Discard, reader, int64(sent)); err != nil {
				return
			}
			_, _ = io.Copy(connection, io.LimitReader(zeros{}, int64(wanted)))
			// Until the caller closes: the connection's length is its choice.
			_, _ = io.Copy(io.Discard, reader)
		}()
	}
}

type zeros struct{}

func (zeros) Read(into []byte) (int, error) {
	clear(into)
	return len(into), nil
}

// exchange opens a connection, sends and receives as many bytes as asked, and
// leaves it open for a while after it returns.
func exchange(to target, timeout time.Duration) error {
	connection, err := net.DialTimeout("tcp", to.Address, timeout)
	if err != nil {
		return err
	}
	if err := converse(connection, to, timeout); err != nil {
		connection.Close()
		return err
	}
	time.AfterFunc(connectionsLast, func() { connection.Close() })
	return nil
}

func converse(connection net.Conn, to target, timeout time.Duration) error {
	if err := connection.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(connection, "SEND %d GIVE %d\n%s", to.BytesSent, to.BytesReceived, strings.Repeat("x", to.BytesSent)); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, connection, int64(to.BytesReceived))
	return err
}
