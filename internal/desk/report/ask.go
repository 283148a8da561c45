package report

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// Ask asks a person and returns what they say on one line, without the space
// around it. The end of the input is an empty answer, and so is the end of ctx, as
// by Ctrl-C: a read of a terminal cannot be broken off, and is left to itself.
func Ask(ctx context.Context, in io.Reader, out io.Writer, question string) string {
	fmt.Fprint(out, question)
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // what came before the end
		said <- line
	}()
	line := ""
	select {
	case <-ctx.Done():
	case line = <-said:
	}
	if !strings.HasSuffix(line, "\n") {
		fmt.Fprintln(out) // nobody pressed Enter: what follows begins a line
	}
	return strings.TrimSpace(line)
}
