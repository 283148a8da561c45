package inside

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/desktops"
)

func TestAGuiseIsReadWholeOrNotAtAll(t *testing.T) {
	tests := []struct {
		name, text string
		want       desktops.Guise
		fails      bool
	}{
		{"whole", `{"Administrator":true,"Wallpaper":"/usr/share/a.png"}`, desktops.Guise{Administrator: true, Wallpaper: "/usr/share/a.png"}, false},
		{"cut short", `{"Administrator":true,"Wallp`, desktops.Guise{}, true},
		{"of another form", `{"Administrator":true,"Software":"none"}`, desktops.Guise{}, true},
		{"empty", "", desktops.Guise{}, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), GuiseFile)
			if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := readGuise(path)
			if diff := cmp.Diff(tc.want, got); diff != "" || tc.fails != (err != nil) {
				t.Errorf("got %v, %s", err, diff)
			}
		})
	}
	if got, err := readGuise(filepath.Join(t.TempDir(), GuiseFile)); err != nil || !cmp.Equal(got, desktops.Guise{}) {
		t.Errorf("no file: got %+v, %v", got, err)
	}
}
