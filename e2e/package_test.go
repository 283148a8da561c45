package e2e

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// packageWords are what transcripts about packages use:
//
//	pack VERSION DIR   zip the files of DIR into VERSION/app.zip, with VERSION/manifest.json
var packageWords = map[string]word{"pack": wordPack}

func wordPack(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: pack VERSION DIR")
	}
	version, from := args[0], ts.MkAbs(args[1])
	entries, err := os.ReadDir(from)
	ts.Check(err)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(from, e.Name()))
		ts.Check(err)
		f, err := z.Create(e.Name())
		ts.Check(err)
		_, err = f.Write(text)
		ts.Check(err)
	}
	ts.Check(z.Close())
	sum := sha256.Sum256(b.Bytes())
	manifest := fmt.Sprintf(`{"schemaVersion":"2.0","version":"%s","packages":{"_any":{"_any":{"_any":{"file":"app.zip"}}}},`+
		`"files":{"app.zip":{"checksums":{"sha256":"%s"},"size":%d}}}`, version, hex.EncodeToString(sum[:]), b.Len())
	to := ts.MkAbs(version)
	ts.Check(os.MkdirAll(to, 0o755))
	ts.Check(os.WriteFile(filepath.Join(to, "app.zip"), b.Bytes(), 0o644))
	ts.Check(os.WriteFile(filepath.Join(to, "manifest.json"), []byte(manifest), 0o644))
}
