package shelf

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// Each reads every journal of a folder whose name is of a form, without its
// ".jsonl". What cannot be read is in the error, and hides no other; a folder
// that is not there has none.
func Each[R any](dir string, form *regexp.Regexp, read func(id string) (R, error)) ([]R, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []R
	var broken []error
	for _, e := range entries {
		id, is := strings.CutSuffix(e.Name(), ".jsonl")
		if !is || !form.MatchString(id) {
			continue
		}
		r, err := read(id)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		all = append(all, r)
	}
	return all, errors.Join(broken...)
}
