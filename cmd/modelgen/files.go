package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"tamachi/internal/aws/model"
)

var versionLine = regexp.MustCompile(`(?m)^__version__ = '([0-9.]+)'$`)

func botocoreVersion(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	m := versionLine.FindSubmatch(b)
	if m == nil {
		return "", fmt.Errorf("%s names no version", path)
	}
	return string(m[1]), nil
}

// newestModel reads the model of the latest API version under a service's
// folder, compressed or not.
func newestModel(folder string) ([]byte, error) {
	found, err := filepath.Glob(filepath.Join(folder, "*", "service-2.json*"))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no service-2.json under %s", folder)
	}
	slices.Sort(found) // API versions are dates
	path := found[len(found)-1]
	b, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return b, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return io.ReadAll(z)
}

// writeTable writes a table so that equal tables are equal bytes: sorted keys,
// no time and no name in the gzip header.
func writeTable(path string, t *model.Table) error {
	text, err := encode(t)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func encode(t *model.Table) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(t); err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text.Bytes()); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// notice is the licence notice of the tables: they are a changed form of
// botocore's files (Apache License 2.0, section 4).
func notice(version string) []byte {
	return []byte(`The tables in this folder are derived from the service models of botocore ` + version + `
(https://github.com/boto/botocore), which carries this notice:

    Botocore
    Copyright 2012-2022 Amazon.com, Inc. or its affiliates. All Rights Reserved.

botocore is licensed under the Apache License, Version 2.0; a copy of the licence
is the file LICENSE at the root of this repository.

Changes: documentation, examples, endpoints, paginators and waiters are removed,
and what is left is stored in another form. cmd/modelgen makes them.
`)
}
