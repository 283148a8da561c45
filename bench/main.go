// Command bench measures the plane as its users meet it: the built ./tamachi,
// real desktops, a real browser, and peers where they are installed. It prints
// and writes a table (Markdown) with its settings. Needs root; `make bench`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"tamachi/bench/load"
)

// settings are what the figures depend on.
type settings struct {
	binary, image string
	rounds        int
	commands      int // send-commands
	desktops      int // recorded ones of the big morning
	events        int // in the full trail
	invocations   int // in the history of commands
	nodes         int // simulated managed nodes
	described     int // desktops among which DescribeWorkspaces looks
	bulk          int // desktops asked for at once
	scrollers     int // users who scroll at once
	idle          int // desktops that nobody uses
	workers       int
	seconds       int
	roles         int // each with two policies

	metricDesktops int // whose metrics are put
	metricDays     int // of one-minute points
	megabytes      int // through a forwarded port, from node to client
}

// measure is one thing to measure; office ones share a plane with real
// desktops and the sample office.
type measure struct {
	name   string
	office func(context.Context, *plane) ([]figure, error)
	alone  func(context.Context, settings) ([]figure, error)
}

var measures = []measure{
	{name: "morning", office: morningOffice},
	{name: "create", office: createDesktops},
	{name: "stop", office: stopAndStart},
	{name: "wake", office: wake},
	{name: "rebuild", office: rebuild},
	{name: "restore", office: restore},
	{name: "keys", office: keys},
	{name: "memory", office: memory},
	{name: "command", office: sendCommands},
	{name: "calls", alone: calls},
	{name: "trail", alone: trail},
	{name: "objects", alone: objects},
	{name: "history", alone: history},
	{name: "fleet", alone: morningFleet},
	{name: "company", alone: morningCompany},
	{name: "nodes", alone: manyNodes},
	{name: "sessions", alone: sessions},
	{name: "describe", alone: describe},
	{name: "bulk", alone: bulk},
	{name: "joiner", alone: joiner},
	{name: "scroll", alone: scroll},
	{name: "idle", alone: idle},
	{name: "month", alone: month},
	{name: "guard", alone: guardTry},
	{name: "roles", alone: manyRoles},
	{name: "console", alone: consoleHome},
}

func main() {
	if len(os.Args) == 2 && part(os.Args[1]) {
		return
	}
	s := settings{}
	only := flag.String("only", "", "comma-separated: morning create stop wake rebuild restore keys memory command calls trail objects history fleet company nodes sessions describe bulk joiner scroll idle month guard roles console")
	out := flag.String("out", "bench/out", "folder for the table")
	flag.StringVar(&s.binary, "binary", "./tamachi", "what to measure")
	flag.StringVar(&s.image, "image", "office", "image of the desktops")
	flag.IntVar(&s.rounds, "rounds", 5, "creates, stops, starts and rebuilds")
	flag.IntVar(&s.commands, "commands", 40, "send-commands")
	flag.IntVar(&s.desktops, "desktops", 10000, "recorded desktops of the fleet")
	flag.IntVar(&s.events, "events", 1_000_000, "events of the full trail")
	flag.IntVar(&s.invocations, "invocations", 1_000_000, "invocations of the history of commands")
	flag.IntVar(&s.described, "described", 25000, "desktops among which DescribeWorkspaces looks")
	flag.IntVar(&s.bulk, "bulk", 100, "desktops asked for at once")
	flag.IntVar(&s.scrollers, "scrollers", 10, "users who scroll at once")
	flag.IntVar(&s.idle, "idle", 40, "desktops that nobody uses")
	flag.IntVar(&s.nodes, "nodes", 10000, "managed nodes")
	flag.IntVar(&s.workers, "workers", 8, "connections of the load client")
	flag.IntVar(&s.seconds, "seconds", 8, "how long the load client runs, a peer")
	flag.IntVar(&s.metricDesktops, "metricdesktops", 1000, "desktops whose metrics are put for the month")
	flag.IntVar(&s.metricDays, "metricdays", 1, "days of one-minute points of each, 13 at most")
	flag.IntVar(&s.roles, "roles", 5000, "roles, each with two policies")
	flag.IntVar(&s.megabytes, "megabytes", 1000, "through a forwarded port, from node to client")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, s, *only, *out)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// part is the bench's binary as one of the processes that it measures with.
func part(name string) bool {
	var err error
	switch name {
	case load.Argument:
		err = load.Serve(context.Background(), os.Stdin, os.Stdout)
	case hostArgument:
		err = serveHost(context.Background(), os.Stdin)
	default:
		return false
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

// run measures everything it can and writes what it got, also after a failure.
func run(ctx context.Context, s settings, only, out string) error {
	var err error
	if s.binary, err = filepath.Abs(s.binary); err != nil {
		return err
	}
	var names []string
	if only != "" {
		names = strings.Split(only, ",")
	}
	wanted := func(m measure) bool { return names == nil || slices.Contains(names, m.name) }
	figures, err := withOffice(ctx, s, wanted)
	errs := []error{err}
	for _, m := range measures {
		if m.alone == nil || !wanted(m) {
			continue
		}
		fmt.Fprintln(os.Stderr, "measure", m.name)
		got, err := m.alone(ctx, s)
		figures = append(figures, got...)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", m.name, err))
		}
	}
	return errors.Join(append(errs, write(out, figures, s))...)
}

func withOffice(ctx context.Context, s settings, wanted func(measure) bool) (figures []figure, err error) {
	needed := slices.ContainsFunc(measures, func(m measure) bool { return m.office != nil && wanted(m) })
	if !needed {
		return nil, nil
	}
	p, err := startOffice(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("sample office: %w", err)
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	for _, m := range measures {
		if m.office == nil || !wanted(m) {
			continue
		}
		fmt.Fprintln(os.Stderr, "measure", m.name)
		got, merr := m.office(ctx, p)
		figures = append(figures, got...)
		if merr != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", m.name, merr))
		}
	}
	return figures, err
}
