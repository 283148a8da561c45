package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
	"tamachi/internal/house/backup"
)

func backupCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy a data folder into one file while its plane runs",
		Long: "Writes everything the plane knows (accounts, keys, trail, parameters, objects of S3) into one new file and\n" +
			"reads it again to prove it. The plane may go on running. The file holds every secret: its mode is 0600.\n" +
			"Volumes of desktops are not part of it.",
		Example: "  tamachi backup --data ./data tamachi-2026-11-22.tar.gz",
		Args:    oneArgument("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := cfg.Validate(); err != nil {
				return &exit{exitUsage, err}
			}
			facts, err := backup.Write(c.Context(), cfg.Data, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d files, %d bytes, read again and whole\n", args[0], facts.Files, facts.Bytes)
			return nil
		},
	}
	dataFlag(c, &cfg)
	return c
}

func restoreCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a data folder of a backup",
		Long: "Makes a new data folder of a file that `tamachi backup` wrote, after comparing every byte with its sums.\n" +
			"The folder must not exist, or be empty. Do not run the restored plane beside the original on one machine:\n" +
			"both believe that the same desktops are theirs.",
		Example: "  tamachi restore --data ./restored tamachi-2026-11-22.tar.gz",
		Args:    oneArgument("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := cfg.Validate(); err != nil {
				return &exit{exitUsage, err}
			}
			facts, err := backup.Read(c.Context(), args[0], filepath.Clean(cfg.Data))
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d files, %d bytes, each as it was saved\n", cfg.Data, facts.Files, facts.Bytes)
			return nil
		},
	}
	dataFlag(c, &cfg)
	return c
}
