package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

func signInCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "signin", Short: "Look after how people of a directory sign in"}
	c.AddCommand(signInList(cfg), signInRequire(cfg), signInUser(cfg, signInVerb{
		use: "reset-factor", operation: "ResetUserSecondFactor", done: "%s has no second factor any more\n",
		short: "End the second factor of a user who has lost their app",
	}), signInUser(cfg, signInVerb{
		use: "unlock", operation: "UnlockDirectoryUser", done: "%s may sign in again\n",
		short: "Let a user sign in again who was locked after too many failures",
	}))
	return family(c)
}

func signInRequire(cfg config.Config) *cobra.Command {
	c := &cobra.Command{
		Use:     "require-factor DIRECTORY on|off",
		Short:   "Say whether people need an authenticator app to sign in",
		Example: "  tamachi signin require-factor d-0123456789 on",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 || args[1] != "on" && args[1] != "off" {
				return &exit{exitUsage, errors.New("want a directory and on or off, as in: tamachi signin require-factor d-0123456789 on")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			rule := map[string]string{"on": "REQUIRED", "off": "OPTIONAL"}[args[1]]
			if err := askPlane(c.Context(), cfg, "UpdateDirectorySignIn", map[string]any{"DirectoryId": args[0], "SecondFactor": rule}, &struct{}{}); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "the second factor is %s in %s\n", rule, args[0])
			return nil
		},
	}
	dataFlag(c, &cfg)
	return c
}

type signInVerb struct{ use, operation, short, done string }

func signInUser(cfg config.Config, v signInVerb) *cobra.Command {
	c := &cobra.Command{
		Use:     v.use + " DIRECTORY USER",
		Short:   v.short,
		Example: "  tamachi signin " + v.use + " d-0123456789 takeda.hanako",
		Args:    want(2, "a directory and a user, as in: tamachi signin "+v.use+" d-0123456789 takeda.hanako"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := askPlane(c.Context(), cfg, v.operation, map[string]any{"DirectoryId": args[0], "UserName": args[1]}, &struct{}{}); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), v.done, args[1])
			return nil
		},
	}
	dataFlag(c, &cfg)
	return c
}

func signInList(cfg config.Config) *cobra.Command {
	var lacking bool
	c := &cobra.Command{
		Use:   "list DIRECTORY",
		Short: "List who has a second factor, who is locked, and how old passwords are",
		Long: "List who has a second factor, who is locked, and how old passwords are.\n" +
			"The account by which desktops join is no person, and is not counted.\n" +
			"With --lacking only enabled people without a second factor, and exit code 1 if there is one.",
		Example: "  tamachi signin list d-0123456789 --lacking",
		Args:    oneArgument("the id of a directory, d-..."),
		RunE: func(c *cobra.Command, args []string) error {
			type user struct {
				UserName, SecondFactor          string
				Enabled, Locked, ServiceAccount bool
				PasswordSetAt                   float64
			}
			all, err := askAll[user](c.Context(), cfg, "ListDirectorySignIns", "Users", map[string]any{"DirectoryId": args[0]})
			if err != nil {
				return err
			}
			missing := 0
			for _, u := range all {
				lacks := u.Enabled && !u.ServiceAccount && u.SecondFactor != "CONFIRMED"
				if lacks {
					missing++
				}
				if lacking && !lacks {
					continue
				}
				fmt.Fprintf(c.OutOrStdout(), "%s: %s, second factor %s, %s\n", u.UserName, standing(u.Enabled, u.Locked), u.SecondFactor, age(u.PasswordSetAt))
			}
			fmt.Fprintf(c.OutOrStdout(), "users without a second factor = %d\n", missing)
			if lacking && missing > 0 {
				return &exit{exitFound, fmt.Errorf("%d people can sign in without a second factor", missing)}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&lacking, "lacking", false, "only enabled people without a second factor")
	dataFlag(c, &cfg)
	return c
}

func standing(enabled, locked bool) string {
	switch {
	case !enabled:
		return "disabled"
	case locked:
		return "locked"
	}
	return "enabled"
}

func age(set float64) string {
	if set == 0 {
		return "no password, or its age is not known"
	}
	return "password since " + moment(set)
}
