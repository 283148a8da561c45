package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
	"tamachi/internal/house"
)

func serveCommand(cfg config.Config) *cobra.Command {
	var debug bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the plane",
		Long: "Runs the plane over a data folder. On a new folder it makes the account, its administrator's key,\n" +
			"a private CA, and writes DIR/aws/config and DIR/aws/credentials (profile tamachi).\n" +
			"Prints `ready URL URL` when it accepts calls; logs go to stderr. SIGTERM drains and exits 0;\n" +
			"desktops live on and are found again at the next start.\n\n" +
			"With --lab it is a test double for other people's test suites: nothing is stored, no process, mount or\n" +
			"mail is made, and POST /_tamachi/reset empties it. An access key that the lab issued is that user or\n" +
			"session, twelve digits are the root of that account, any other key is the root of 123456789012.",
		Example: "  tamachi serve --data /var/lib/tamachi --listen 0.0.0.0:4566 --domain ops.example.com",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := cfg.Validate(); err != nil {
				return &exit{exitUsage, err}
			}
			level := slog.LevelInfo
			if debug {
				level = slog.LevelDebug
			}
			log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
			err := serve(c, house.Options{Config: cfg, Log: log})
			if errors.Is(err, house.ErrCannotStart) {
				return &exit{exitUsage, err}
			}
			return err
		},
	}
	dataFlag(c, &cfg)
	c.Flags().StringVar(&cfg.Listen, "listen", cfg.Listen, "address that answers HTTP and TLS")
	c.Flags().StringVar(&cfg.Domain, "domain", cfg.Domain, "service domain: nodes reach <service>.<region>.<domain>")
	c.Flags().StringVar(&cfg.DNS, "dns", cfg.DNS, "address that answers DNS questions about the domain, for networks without a wildcard: 10.0.0.5:53")
	c.Flags().StringVar(&cfg.Region, "region", cfg.Region, "Region of requests that name none")
	c.Flags().StringVar(&cfg.Account, "account", cfg.Account, "management account of a new data folder: 12 digits (else random)")
	c.Flags().StringVar(&cfg.Throttle, "throttle", cfg.Throttle, "aws-strict: refuse calls beyond AWS's documented quotas (else none)")
	c.Flags().StringVar(&cfg.Desktops, "desktops", cfg.Desktops, "where desktops run: local, or incus (TAMACHI_INCUS names the server)")
	c.Flags().StringVar(&cfg.Image, "image", cfg.Image, "desktops' image that is made ready at the start: small or office")
	c.Flags().StringVar(&cfg.Outbound, "outbound", cfg.Outbound, "ranges that desktops may reach through this machine, by gateways of their networks: 0.0.0.0/0")
	c.Flags().StringVar(&cfg.URL, "url", cfg.URL, "where people's browsers reach the plane, for links in mails: https://desk.example.com")
	c.Flags().StringVar(&cfg.Mail, "mail", cfg.Mail, "relay for mails: smtp://[USER@]HOST[:PORT] or smtps://... (else files in DIR/outbox)")
	c.Flags().StringVar(&cfg.MailBounces, "mail-bounces", cfg.MailBounces, "where mails come back: ADDRESS=FOLDER, the sender on the envelope and the Maildir of what comes there")
	c.Flags().StringVar(&cfg.MailDomain, "mail-domain", cfg.MailDomain, "domain of senders' addresses (else the service domain)")
	c.Flags().BoolVar(&cfg.Lab, "lab", cfg.Lab, "a test double: memory only, loopback only, desktops and nodes are fakes, signatures unchecked")
	c.Flags().BoolVar(&debug, "debug", false, "log every call")
	return c
}

// serve runs the plane, or its test double, until the command is interrupted.
func serve(c *cobra.Command, o house.Options) error {
	if o.Config.Lab {
		l, err := house.OpenLab(c.Context(), o)
		if err != nil {
			return err
		}
		return l.Run(c.Context(), func() {
			fmt.Fprintln(c.OutOrStdout(), "ready", l.HTTP(), l.HTTPS(), "lab: memory only, desktops and nodes are fakes")
		})
	}
	o.Desk = deskOfPlane(o.Log)
	h, err := house.Open(c.Context(), o)
	if err != nil {
		return err
	}
	return h.Run(c.Context(), func() { fmt.Fprintln(c.OutOrStdout(), "ready", h.HTTP(), h.HTTPS()) })
}
