package load

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
)

// answer is what a server said.
type answer struct {
	status  string // "200"
	closing bool   // the server ends the connection behind it
	body    []byte
}

// readAnswer reads one answer of HTTP/1.1 to a POST. It keeps of the headers
// what it needs: net/http's client took 30 us a call of the cores that it
// shares with what it measures, this takes 5.
func readAnswer(in *bufio.Reader) (answer, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return answer{}, err
	}
	version, rest, found := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
	if !found || len(rest) < 3 || !bytes.HasPrefix(version, []byte("HTTP/1.")) {
		return answer{}, fmt.Errorf("no status line: %.100q", line)
	}
	a := answer{status: string(rest[:3]), closing: string(version) == "HTTP/1.0"}
	length, chunked := -1, false
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return a, err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("content-length")):
			if length, err = strconv.Atoi(string(value)); err != nil || length < 0 {
				return a, fmt.Errorf("a body of length %q", value)
			}
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		case bytes.EqualFold(name, []byte("connection")):
			a.closing = bytes.EqualFold(value, []byte("close"))
		}
	}
	switch {
	case chunked:
		if a.body, err = io.ReadAll(httputil.NewChunkedReader(in)); err == nil {
			_, err = in.ReadSlice('\n') // behind the last chunk; no trailers here
		}
	case length >= 0:
		a.body = make([]byte, length)
		_, err = io.ReadFull(in, a.body)
	default:
		a.closing = true
		a.body, err = io.ReadAll(in)
	}
	return a, err
}
