package house

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Access is what a client on this machine needs to call the plane as its
// administrator. It holds a secret.
type Access struct {
	HTTP            string
	HTTPS           string
	Region          string
	Account         string
	AccessKeyID     string
	SecretAccessKey string
	CAFile          string
}

// ReadAccess reads what the plane of a data folder wrote when it last started.
func ReadAccess(data string) (Access, error) {
	var a Access
	b, err := os.ReadFile(accessFile(data))
	if errors.Is(err, fs.ErrNotExist) {
		return a, fmt.Errorf("no plane has run over %s yet: start one with `tamachi serve --data %s`", data, data)
	}
	if err != nil {
		return a, fmt.Errorf("read the plane's access file: %w", err)
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, fmt.Errorf("read the plane's access file: %w", err)
	}
	return a, nil
}

func accessFile(data string) string { return filepath.Join(data, "aws", "access.json") }

// write puts the access file and the two files that AWS clients read
// (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE) into the data folder, each
// whole or not at all.
func (a Access) write(data string) error {
	dir := filepath.Join(data, "aws")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the access folder: %w", err)
	}
	b, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	files := map[string]string{
		"access.json": string(b) + "\n",
		"config": strings.Join([]string{
			"[profile tamachi]", "region = " + a.Region, "endpoint_url = " + a.HTTP, "output = json",
			"s3 =", "    signature_version = s3v4", "", // else the CLI presigns in a way that no new Region takes
		}, "\n"),
		"credentials": strings.Join([]string{
			"[tamachi]", "aws_access_key_id = " + a.AccessKeyID, "aws_secret_access_key = " + a.SecretAccessKey, "",
		}, "\n"),
	}
	for name, text := range files {
		if err := replace(filepath.Join(dir, name), text); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

func replace(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
