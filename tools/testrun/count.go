package main

import (
	"errors"
	"os"
	"path/filepath"
)

// tallyVariable names the file where the planes of this run note what clients
// tried; the product reads it too.
const tallyVariable = "TAMACHI_TALLY"

// openTally gives the planes of this run a file for their notes and returns a
// function that removes it.
func openTally() (func(), error) {
	dir, err := os.MkdirTemp("", "tamachi-tally-")
	if err != nil {
		return nil, err
	}
	if err := os.Setenv(tallyVariable, filepath.Join(dir, "tally")); err != nil {
		return nil, err
	}
	return func() { _ = os.RemoveAll(dir) }, nil
}

// count fails for each operation that no client tried in this run: with
// success, with an error of its model, and, for a change, with a later call
// that saw it.
func count(*run) error {
	if _, err := os.Stat(os.Getenv(tallyVariable)); err != nil {
		return errors.New("nothing is noted: count goes with unit, race and e2e in one run")
	}
	return sh("go", "test", "-tags=counted", "-count=1", "-run=^TestEveryRowWasTried$", ".")
}
