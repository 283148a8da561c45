package diagnose

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/doctor"
	"tamachi/internal/desk/guard"
	"tamachi/internal/desk/login"
	"tamachi/internal/desk/outage"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/printing"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/route"
	"tamachi/internal/desk/share"
	"tamachi/internal/desk/slow"
)

// Command is "tamachi diagnose". Its errors are *report.Exit. The actions are those
// of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	c := &cobra.Command{
		Use: "diagnose", Short: "Find out why something does not work",
		Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(login.Command(w), route.Command(w, actions), slow.Command(w, actions), share.Command(w), outage.Command(w, actions), doctor.Command(w, actions), printing.Command(w), clientCommand(w), guard.AccessCommand(w))
	return c
}

func noArgs(args []string) error {
	if len(args) > 0 {
		return &report.Exit{Code: report.Misuse, Err: fmt.Errorf("unknown argument %q", args[0])}
	}
	return nil
}

type clientFlags struct {
	url, ca, lang string
	json          bool
	patient       time.Duration

	region, health, ranges string // of WorkSpaces on AWS
	protocols              []string
}

func clientCommand(w account.World) *cobra.Command {
	var f clientFlags
	c := &cobra.Command{
		Use:   "client",
		Short: "Try the ways in to the desktops, name what is blocked, and write the firewall's request sheet",
		Long: `Goes the ways in to a plane as the browser does: name, port, certificate, page,
the WebSocket of the screen, clock. Run it where a person cannot reach their
desktop; it needs no credentials.

With --aws REGION the ways are those of WorkSpaces on AWS: the internet in general,
the sign-in by TCP 443, and the ports of the streaming protocols by TCP and UDP. The
sheet has the addresses that AWS publishes for the Region, and what changed in them
since the last one.

Exit code: 0 nothing blocked; 1 something is, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose client --url https://desktops.example.com
  tamachi diagnose client --url https://desktops.example.com --ca ca.pem --lang ja > request.txt
  tamachi diagnose client --aws ap-northeast-1 --protocol DCV
  tamachi diagnose client --aws ap-northeast-1 --ranges ip-ranges.json`,
		Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c.Context(), w, c.OutOrStdout()) },

		SilenceUsage: true, SilenceErrors: true,
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &report.Exit{Code: report.Misuse, Err: err} })
	fs := c.Flags()
	fs.StringVar(&f.url, "url", "", "address of the plane (default AWS_ENDPOINT_URL)")
	fs.StringVar(&f.ca, "ca", "", "certificates of further authorities, PEM (default AWS_CA_BUNDLE)")
	fs.StringVar(&f.lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	fs.BoolVar(&f.json, "json", false, "print the same as JSON")
	fs.DurationVar(&f.patient, "timeout", 10*time.Second, "the longest wait for each way")
	fs.StringVar(&f.region, "aws", "", "Region of WorkSpaces on AWS, in place of a plane")
	fs.StringSliceVar(&f.protocols, "protocol", nil, "with --aws: PCOIP, DCV (default both)")
	fs.StringVar(&f.ranges, "ranges", publishedRanges, "with --aws: file or address of AWS's ranges")
	fs.StringVar(&f.health, "health", "", "with --aws: host that answers on the streaming ports (default that of the Region)")
	return c
}

func (f clientFlags) run(ctx context.Context, w account.World, out io.Writer) error {
	if f.url == "" {
		f.url = w.Getenv("AWS_ENDPOINT_URL")
	}
	if f.ca == "" {
		f.ca = w.Getenv("AWS_CA_BUNDLE")
	}
	if f.lang == "" {
		f.lang = string(report.Language(w.Getenv))
	}
	if f.region != "" && catalogue()[f.lang].Head != "" {
		return f.runService(ctx, w, out)
	}
	if f.url == "" || catalogue()[f.lang].Head == "" {
		return &report.Exit{Code: report.Misuse, Err: errors.New("want the address of a plane, as in --url https://desktops.example.com, and ja or en")}
	}
	roots, err := authorities(f.ca)
	if err != nil {
		return &report.Exit{Code: report.Misuse, Err: err}
	}
	found, err := try(ctx, f.tools(w, roots), f.url)
	if err != nil {
		return &report.Exit{Code: report.Misuse, Err: err}
	}
	return f.tell(out, found, func() { found.Print(out, f.lang, w.Clock.Now().In(w.Location)) })
}

// tools are those of this machine.
func (f clientFlags) tools(w account.World, roots *x509.CertPool) Tools {
	return Tools{Resolve: net.DefaultResolver.LookupHost, Dial: new(net.Dialer).DialContext, Roots: roots, Now: w.Clock.Now, Patient: f.patient}
}

// tell prints what was found, for people or programs.
func (f clientFlags) tell(out io.Writer, found interface{ Good() bool }, people func()) error {
	if !f.json {
		people()
	} else {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		if err := e.Encode(found); err != nil {
			return err
		}
	}
	if !found.Good() {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// runService goes the ways to WorkSpaces on AWS. That the ranges cannot be had is
// said on the sheet.
func (f clientFlags) runService(ctx context.Context, w account.World, out io.Writer) error {
	a := serviceAsk{f.region, f.health, f.protocols}
	if err := a.read(); err != nil {
		return &report.Exit{Code: report.Misuse, Err: err}
	}
	found := tryService(ctx, f.tools(w, nil), a)
	if err := found.request(ctx, w.Getenv, f.ranges, f.patient, a.protocols); err != nil {
		return err
	}
	return f.tell(out, found, func() { found.Write(out, report.Lang(f.lang), w.Clock.Now().In(w.Location)) })
}

// authorities are the machine's, and those of a file; nil is the machine's alone.
func authorities(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // what crypto/tls takes for the machine's own
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate", path)
	}
	return pool, nil
}
