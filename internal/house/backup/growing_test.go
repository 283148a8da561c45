package backup_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/house/backup"
	"tamachi/internal/id"
	"tamachi/internal/webaccess/recording"
)

// TestABackupWhileARecordingGrows saves a plane again and again while a session
// is recorded: what was on the disk before plays in the restored folder.
func TestABackupWhileARecordingGrows(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	at := func(data string) *recording.Shelf {
		s, err := recording.Open(recording.Options{Path: filepath.Join(data, "recordings"), Key: bytes.Repeat([]byte{7}, 32), IDs: id.Seeded(1)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	w, err := at(p.Data).Append("rec-a", 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	// A picture of noise, so that each chunk takes some room.
	picture := []byte(id.Seeded(2).Hex(20_000))
	stop, grown, ended := make(chan struct{}), make(chan uint32), make(chan error, 1)
	go func() {
		defer close(grown)
		for n := uint32(1); ; n++ {
			if err := w.Add(n, n == 1, picture); err != nil {
				ended <- err
				return
			}
			if err := w.Flush(); err != nil {
				ended <- err
				return
			}
			select {
			case <-stop:
				ended <- w.Close()
				return
			case grown <- n: // somebody asks
			default:
			}
		}
	}()
	for range 2 {
		before := <-grown
		file, data := filepath.Join(t.TempDir(), "backup.tar.gz"), filepath.Join(t.TempDir(), "data")
		if _, err := backup.Write(t.Context(), p.Data, file); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Read(t.Context(), file, data); err != nil {
			t.Fatal(err)
		}
		r, err := at(data).Open("rec-a")
		if err != nil {
			t.Fatal(err)
		}
		chunks := r.Chunks()
		if len(chunks) < int(before) {
			t.Errorf("%d chunks are in the backup, %d were on the disk before", len(chunks), before)
		}
		for n := range chunks {
			if _, err := r.Packed(n); err != nil {
				t.Errorf("chunk %d of %d: %v", n, len(chunks), err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}
