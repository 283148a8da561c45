package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"tamachi/internal/config"
)

// askAll reads all pages of an operation of the plane. member is the field of an
// answer that holds the list; empty texts of in are left out.
func askAll[T any](ctx context.Context, cfg config.Config, operation, member string, in map[string]any) ([]T, error) {
	for name, value := range in {
		if value == "" {
			delete(in, name)
		}
	}
	all := []T{}
	for {
		var page map[string]json.RawMessage
		if err := askPlane(ctx, cfg, operation, in, &page); err != nil {
			return nil, err
		}
		var some []T
		if err := json.Unmarshal(page[member], &some); err != nil {
			return nil, fmt.Errorf("the plane's answer to %s: %w", operation, err)
		}
		all = append(all, some...)
		token, more := page["NextToken"]
		if !more {
			return all, nil
		}
		in["NextToken"] = token
	}
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
