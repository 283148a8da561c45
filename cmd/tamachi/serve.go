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
			"desktops live on and are found again at the next start.",
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
			h, err := house.Open(c.Context(), house.Options{Config: cfg, Log: log})
			if errors.Is(err, house.ErrCannotStart) {
				return &exit{exitUsage, err}
			}
			if err != nil {
				return err
			}
			return h.Run(c.Context(), func() { fmt.Fprintln(c.OutOrStdout(), "ready", h.HTTP(), h.HTTPS()) })
		},
	}
	dataFlag(c, &cfg)
	c.Flags().StringVar(&cfg.Listen, "listen", cfg.Listen, "address that answers HTTP and TLS")
	c.Flags().StringVar(&cfg.Domain, "domain", cfg.Domain, "service domain: nodes reach <service>.<region>.<domain>")
	c.Flags().StringVar(&cfg.Region, "region", cfg.Region, "Region of requests that name none")
	c.Flags().StringVar(&cfg.Account, "account", cfg.Account, "management account of a new data folder: 12 digits (else random)")
	c.Flags().StringVar(&cfg.Image, "image", cfg.Image, "desktops' image that is made ready at the start: small or office")
	c.Flags().BoolVar(&debug, "debug", false, "log every call")
	return c
}
