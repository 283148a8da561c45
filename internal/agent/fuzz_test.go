package agent

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func FuzzDocument(f *testing.F) {
	f.Add(nested, `{"who":"x"}`)
	f.Add(`{"schemaVersion":"2.2","mainSteps":[{"name":"a","action":"aws:runShellScript","precondition":{"StringEquals":["a","{{ b }}"]}}]}`, "who: {a: [1]}")
	f.Add("a: &a [*a]", "[")
	f.Fuzz(func(t *testing.T, text, parameters string) {
		d, err := readDocument([]byte(text))
		if err != nil {
			return
		}
		given, err := nestedParameters(parameters)
		if err != nil {
			return
		}
		if steps, err := compile(d, given); err == nil && len(steps) == 0 {
			t.Error("no error and no steps")
		}
	})
}

func FuzzManifest(f *testing.F) {
	f.Add(`{"schemaVersion":"2.0","version":"1","packages":{"_any":{"_any":{"_any":{"file":"a.zip"}}}},"files":{"a.zip":{"checksums":{"sha256":"`+strings.Repeat("0", 64)+`"}}}}`, "debian", "12")
	f.Fuzz(func(t *testing.T, text, platform, version string) {
		m, err := readManifest(text)
		if err != nil {
			return
		}
		file, err := m.pick(platform, version, "x86_64")
		if err == nil && (file == "" || file != filepath.Base(file)) {
			t.Errorf("picked %q", file)
		}
	})
}

func FuzzSource(f *testing.F) {
	f.Add("S3", `{"path":"https://b.s3.eu-west-1.example.test/k"}`)
	f.Add("GitHub", `{"owner":"o","repository":"r","getOptions":"branch:x"}`)
	f.Fuzz(func(t *testing.T, kind, text string) {
		info, err := readSource(map[string]any{"sourceType": kind, "sourceInfo": text})
		if err != nil {
			return
		}
		if o, err := readObjectURL(info.Path); err == nil && (o.bucket == "" || o.key == "") {
			t.Errorf("%q is read as %+v", info.Path, o)
		}
		if branch, commit, err := readOptions(info.Options); err == nil && (strings.HasPrefix(branch, "-") || strings.HasPrefix(commit, "-")) {
			t.Errorf("options %q and %q", branch, commit)
		}
	})
}

func FuzzUnzip(f *testing.F) {
	f.Add([]byte(packed(f, map[string]string{"install.sh": "x", "a/b": "y"})))
	f.Add([]byte(packed(f, map[string]string{"../x": "x", "l@": "/etc/passwd", "l/y": "z"})))
	f.Fuzz(func(t *testing.T, archive []byte) {
		r, err := zip.NewReader(strings.NewReader(string(archive)), int64(len(archive)))
		if err != nil {
			return
		}
		outside := t.TempDir()
		to := filepath.Join(outside, "in")
		_ = unzip(r, to)
		err = filepath.WalkDir(outside, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if path != outside && path != to && !strings.HasPrefix(path, to+string(os.PathSeparator)) {
				t.Errorf("%s was written outside", path)
			}
			if !d.IsDir() && !d.Type().IsRegular() {
				t.Errorf("%s is no plain file", path)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
