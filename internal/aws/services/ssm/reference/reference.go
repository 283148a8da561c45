// Package reference is the one place that knows references to Parameter Store,
// {{ssm:name}}, in documents and in what is given to them: commands and
// associations fill them in alike. Source: Systems Manager User Guide, "Working
// with parameters in Run Command commands".
package reference

import (
	"context"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Store is Parameter Store as this package asks it; the rooms that use this
// package have it among their ports.
type Store interface {
	// Value is a parameter's text; ok is false when there is none, or when it
	// is a secret.
	Value(tx *store.Tx, scope store.Scope, name string) (value string, ok bool, err error)
	// Check is the check of an action on a parameter.
	Check(ctx context.Context, action, name string) ([]api.Check, error)
}

var form = regexp.MustCompile(`\{\{\s*ssm:([A-Za-z0-9_.:/\-]+)\s*\}\}`)

// Names are the parameters that texts and given values refer to, in order.
func Names(given map[string][]string, texts ...string) []string {
	var out []string
	note := func(text string) {
		for _, m := range form.FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
	}
	for _, text := range texts {
		note(text)
	}
	for _, values := range given {
		for _, v := range values {
			note(v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Checks are those on reading the parameters: who has them filled in must be
// allowed to read them. Without a Parameter Store there are none to read.
func Checks(ctx context.Context, from Store, names []string) ([]api.Check, error) {
	if from == nil {
		return nil, nil
	}
	var out []api.Check
	for _, name := range names {
		checks, err := from.Check(ctx, "ssm:GetParameters", name)
		if err != nil {
			return nil, err
		}
		out = append(out, checks...)
	}
	return out, nil
}

// Values reads parameters; missing are those that do not exist or are secrets,
// which can't stand in what nodes are shown. Without a Parameter Store all are
// missing.
func Values(tx *store.Tx, scope store.Scope, from Store, names []string) (values map[string]string, missing []string, err error) {
	values = map[string]string{}
	if from == nil {
		return values, names, nil
	}
	for _, name := range names {
		v, ok, err := from.Value(tx, scope, name)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			missing = append(missing, name)
			continue
		}
		values[name] = v
	}
	return values, missing, nil
}

// Need is Values where nothing may be missing; its error is the API's.
func Need(tx *store.Tx, scope store.Scope, from Store, names []string) (map[string]string, error) {
	values, missing, err := Values(tx, scope, from, names)
	if err == nil && len(missing) > 0 {
		why := "The parameter {{ssm:" + missing[0] + "}} doesn't exist, or is a SecureString, which can't stand in what nodes are sent."
		err = &types.InvalidParameters{Message: &why}
	}
	return values, err
}

// Fill puts values into a text, each written as it stands there. A reference
// without a value stays, and the node says so.
func Fill(text string, values map[string]string, written func(string) string) string {
	return form.ReplaceAllStringFunc(text, func(found string) string {
		v, ok := values[form.FindStringSubmatch(found)[1]]
		if !ok {
			return found
		}
		return written(v)
	})
}

// FillGiven puts values into what is given to a document, as they are.
func FillGiven(given map[string][]string, values map[string]string) map[string][]string {
	out := make(map[string][]string, len(given))
	for name, list := range given {
		for _, v := range list {
			out[name] = append(out[name], Fill(v, values, func(s string) string { return s }))
		}
	}
	return out
}
