package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

// inventoryChange is what differs on a node between two moments.
type inventoryChange struct {
	InstanceID string              `json:"InstanceId"`
	TypeName   string              `json:"TypeName"`
	Added      []map[string]string `json:"Added,omitempty"`
	Removed    []map[string]string `json:"Removed,omitempty"`
}

func inventoryCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "inventory", Short: "Ask what managed nodes have and had"}
	var node, kind string
	var asJSON bool
	diff := &cobra.Command{
		Use:   "diff FROM TO",
		Short: "Print what nodes have at one moment and had not at an earlier one",
		Long: "Compares what nodes reported up to two moments, dates (2026-11-22, UTC) or times (2026-11-22T08:00:00Z).\n" +
			"Lines with + came, lines with - went. AWS keeps the last report only; this history is the plane's own.\n" +
			"Exit code 1 says that something differs.",
		Example: "  tamachi inventory diff 2026-11-01 2026-11-22 --type AWS:Application",
		Args:    want(2, "two moments, as in: tamachi inventory diff 2026-11-01 2026-11-22"),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := readMoments(args)
			if err != nil {
				return &exit{exitUsage, err}
			}
			if node != "" {
				in["InstanceId"] = node
			}
			if kind != "" {
				in["TypeName"] = kind
			}
			var out struct{ Changes []inventoryChange }
			if err := askPlane(c.Context(), cfg, "CompareInventory", in, &out); err != nil {
				return err
			}
			return showChanges(c.OutOrStdout(), out.Changes, asJSON)
		},
	}
	diff.Flags().StringVar(&node, "node", "", "one node (mi-...) instead of all")
	diff.Flags().StringVar(&kind, "type", "", "one inventory type (AWS:Application) instead of all")
	diff.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	dataFlag(diff, &cfg)
	c.AddCommand(diff)
	return family(c)
}

func readMoments(args []string) (map[string]any, error) {
	in := map[string]any{}
	for i, name := range []string{"From", "To"} {
		t, err := time.Parse(time.RFC3339, args[i])
		if err != nil {
			t, err = time.Parse(time.DateOnly, args[i])
		}
		if err != nil {
			return nil, fmt.Errorf("%s is neither a date nor a time, as in 2026-11-22 or 2026-11-22T08:00:00Z", args[i])
		}
		in[name] = float64(t.UnixMilli()) / 1000
	}
	return in, nil
}

func showChanges(w io.Writer, all []inventoryChange, asJSON bool) error {
	if asJSON {
		if err := printJSON(w, all); err != nil {
			return err
		}
	}
	for _, c := range all {
		if asJSON {
			break
		}
		fmt.Fprintf(w, "%s %s\n", c.InstanceID, c.TypeName)
		for _, e := range c.Added {
			fmt.Fprintf(w, "+ %s\n", entryLine(e))
		}
		for _, e := range c.Removed {
			fmt.Fprintf(w, "- %s\n", entryLine(e))
		}
	}
	if len(all) > 0 {
		return &exit{exitFound, nil}
	}
	return nil
}

// entryLine puts the name of a thing first.
func entryLine(e map[string]string) string {
	words := []string{}
	for _, k := range slices.Sorted(maps.Keys(e)) {
		switch k {
		case "Name":
			words = slices.Insert(words, 0, e[k])
		case "Version", "Status", "IPV4":
			words = append(words, k+"="+e[k])
		}
	}
	if len(words) == 0 {
		for _, k := range slices.Sorted(maps.Keys(e)) {
			words = append(words, k+"="+e[k])
		}
	}
	return strings.Join(words, " ")
}

// askPlane calls an operation of the plane's own service. It has no SDK, so
// the request is made and signed here.
func askPlane(ctx context.Context, cfg config.Config, operation string, in, out any) error {
	client, err := planeClient(ctx, cfg)
	if err != nil {
		return err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, *client.BaseEndpoint+"/", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("endpoint %s: %w", *client.BaseEndpoint, err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Tamachi."+operation)
	creds, err := client.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("no AWS credentials: run `eval \"$(tamachi env)\"` first: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "tamachi", client.Region, time.Now()); err != nil {
		return fmt.Errorf("sign the call: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the plane does not answer: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return err
	}
	if res.StatusCode == http.StatusOK {
		return json.Unmarshal(answer, out)
	}
	var fault struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if json.Unmarshal(answer, &fault) != nil || fault.Type == "" {
		return errors.New(req.URL.Host + " is no plane of this kind: " + res.Status)
	}
	return fmt.Errorf("%s: %s", fault.Type, fault.Message)
}
