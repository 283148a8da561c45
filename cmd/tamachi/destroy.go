package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
	say "tamachi/internal/desk/report"
	"tamachi/internal/house"
)

func destroyCommand(cfg config.Config) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "destroy",
		Short: "Remove a data folder safely, desktops first",
		Long: "Ends the desktops of a data folder, removes their volumes, bridge and packet filter, then the folder.\n" +
			"The plane must not run. Do not remove a data folder by hand: its desktops would go on running.\n" +
			"Nothing that is mounted from elsewhere is touched. Desktop images stay in their cache.",
		Example: "  tamachi destroy --data ./data",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := cfg.Validate(); err != nil {
				return &exit{exitUsage, err}
			}
			return destroy(c.Context(), c.OutOrStdout(), c.InOrStdin(), cfg, yes)
		},
	}
	dataFlag(c, &cfg)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func destroy(ctx context.Context, out io.Writer, in io.Reader, cfg config.Config, yes bool) error {
	o := house.Options{Config: cfg, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	list, err := house.Doomed(ctx, o)
	if err != nil {
		return err
	}
	desktops := "1 desktop with its volumes"
	if len(list) != 1 {
		desktops = fmt.Sprintf("%d desktops with their volumes", len(list))
	}
	fmt.Fprintf(out, "This removes for ever: %s (accounts, keys, trail) and %s.\n", cfg.Data, desktops)
	for _, d := range list {
		fmt.Fprintf(out, "  %s %s\n", d.ID, d.State)
	}
	if !yes && say.Ask(ctx, in, out, "Type yes to go on: ") != "yes" {
		return &exit{exitFound, errors.New("nothing was removed")}
	}
	if err := house.Destroy(ctx, o); err != nil {
		return err
	}
	fmt.Fprintln(out, "removed", cfg.Data)
	return nil
}
