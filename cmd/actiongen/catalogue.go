package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tamachi/internal/aws/reference"
)

// catalogue prunes the data to the names of every service's actions and
// condition keys.
func catalogue(data string) (map[string]reference.Names, error) {
	files, err := filepath.Glob(filepath.Join(data, "actions", "*.json"))
	if err != nil {
		return nil, err
	}
	all := map[string]reference.Names{}
	for _, file := range files {
		service := strings.TrimSuffix(filepath.Base(file), ".json")
		var actions map[string]action
		if err := read(file, &actions); err != nil {
			return nil, err
		}
		var keys map[string]struct{ Key, Type string }
		err := read(filepath.Join(data, "conditionKeys", service+".json"), &keys)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		n := reference.Names{Keys: map[string]string{}}
		for _, a := range actions {
			n.Actions = append(n.Actions, a.Name)
		}
		slices.Sort(n.Actions)
		for _, k := range keys {
			n.Keys[k.Key] = k.Type
		}
		all[service] = n
	}
	return all, nil
}

func read(file string, into any) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}
