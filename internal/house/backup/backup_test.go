package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/house/backup"
)

// saved is a backup of a running plane, and the id of a call that its trail
// holds.
func saved(t *testing.T) (file, event string, access string) {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	_, err := sts.NewFromConfig(p.Config()).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("before-the-backup")})
	if err != nil {
		t.Fatal(err)
	}
	event = "GetFederationToken"
	file = filepath.Join(t.TempDir(), "backup.tar.gz")
	facts, err := backup.Write(t.Context(), p.Data, file)
	if err != nil {
		t.Fatal(err)
	}
	if facts.Files < 3 || facts.Bytes == 0 {
		t.Errorf("the backup says %+v, want the store, the CA and more", facts)
	}
	if left, _ := filepath.Glob(filepath.Join(p.Data, ".backup-*")); len(left) > 0 {
		t.Errorf("left in the data folder: %v", left)
	}
	return file, event, p.Access().AccessKeyID
}

func TestARestoredPlaneKnowsWhatTheFirstKnew(t *testing.T) {
	file, event, key := saved(t)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has mode %v (%v), want 0600: it holds every secret", info.Mode(), err)
	}
	data := filepath.Join(t.TempDir(), "data")
	if _, err := backup.Read(t.Context(), file, data); err != nil {
		t.Fatal(err)
	}
	p := apitest.Start(t, apitest.Options{Data: data})
	if got := p.Access().AccessKeyID; got != key {
		t.Errorf("the administrator's key is %s, was %s", got, key)
	}
	out, err := cloudtrail.NewFromConfig(p.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range out.Events {
		if aws.ToString(e.EventName) == event {
			return
		}
	}
	t.Errorf("the trail of the restored plane lacks %s", event)
}

func TestRestoreRefusesWhatIsNotWhole(t *testing.T) {
	file, _, _ := saved(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 0xff
	for name, content := range map[string][]byte{
		"an empty file":          {},
		"a file of another kind": []byte(strings.Repeat("not a backup\n", 100)),
		"half a backup":          whole[:len(whole)/2],
		"a byte that changed":    flipped,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file, data := filepath.Join(dir, "b"), filepath.Join(dir, "data")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := backup.Read(t.Context(), file, data); err == nil {
				t.Error("restored")
			} else if !errors.Is(err, backup.ErrDamaged) {
				t.Logf("refused with %v", err)
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 1 {
				t.Errorf("left behind: %v (%v), want the file alone", left, err)
			}
		})
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	file, _, _ := saved(t)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Read(t.Context(), file, full); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("restore into a folder with files: %v", err)
	}
	p := apitest.Start(t, apitest.Options{})
	if _, err := backup.Write(t.Context(), p.Data, file); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("backup over a file: %v", err)
	}
	if _, err := backup.Write(t.Context(), full, filepath.Join(t.TempDir(), "b")); err == nil || !strings.Contains(err.Error(), "no data folder") {
		t.Errorf("backup of a folder that is no plane's: %v", err)
	}
}

// Whatever a file holds, reading it ends with an error or a folder, and leaves
// nothing half done.
func FuzzRead(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		file, data := filepath.Join(dir, "b"), filepath.Join(dir, "data")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Read(t.Context(), file, data)
		if _, there := os.Stat(data); (err == nil) != (there == nil) {
			t.Errorf("Read = %v, the folder: %v", err, there)
		}
		if _, there := os.Stat(data + ".restoring"); there == nil {
			t.Error("half a folder is left")
		}
	})
}
