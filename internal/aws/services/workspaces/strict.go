package workspaces

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/store"
)

// Strict are AWS's quotas and waiting times, which hold only where they are
// asked for: whoever rehearses wants to meet them, whoever works does not.
type Strict struct {
	On bool
	// Desktops is how many an account may have in a Region. AWS raises it when
	// asked; its default is 1 (WorkSpaces Administration Guide, "Amazon
	// WorkSpaces quotas").
	Desktops int
}

// AWS's waiting times (WorkSpaces Administration Guide, "Modify a WorkSpace in
// WorkSpaces Personal").
const (
	betweenSizes   = 6 * time.Hour       // of a volume, and to a larger compute type
	betweenSmaller = 30 * 24 * time.Hour // to a smaller compute type
)

// maxDirectories is how many may be registered in a Region (the quotas' page).
const maxDirectories = 50

// wait refuses a change of size that comes too soon after the last one of its
// kind.
func (s Strict) wait(d *Desktop, now time.Time) *refusal {
	w := d.Change
	if !s.On || w == nil {
		return nil
	}
	pause, what := betweenSizes, "6 hours"
	if w.Resource == string(types.ModificationResourceEnumComputeType) && smaller(w.Compute, d.Compute) {
		pause, what = betweenSmaller, "30 days"
	}
	last, ever := d.Sized[w.Resource]
	if !ever || !now.Before(last.Add(pause)) {
		return nil
	}
	return &refusal{codeState, fmt.Sprintf("The WorkSpace %s was modified at %s. You can make this change once in %s.", d.ID, last.UTC().Format(time.RFC3339), what)}
}

func smaller(a, b string) bool {
	x, y := sizes[types.Compute(a)], sizes[types.Compute(b)]
	return x.cpus < y.cpus || x.cpus == y.cpus && x.memoryMiB < y.memoryMiB
}

// sizings are when a size was last changed, by its resource in the API's word.
type sizings map[string]time.Time

// sized notes when a change of size was asked for.
func (d *Desktop) sized(now time.Time) {
	if d.Change == nil {
		return
	}
	if d.Sized == nil {
		d.Sized = sizings{}
	}
	d.Sized[d.Change.Resource] = now
}

// free is how many more desktops may be made; it is large where nothing limits
// them.
func (s Strict) free(tx *store.Tx, sc store.Scope) (int, error) {
	if !s.On {
		return 1 << 30, nil
	}
	have, err := desktopTable.List(tx, sc, store.Page{Limit: s.Desktops})
	return s.Desktops - len(have), err
}

// room refuses one more directory than AWS allows.
func (s Strict) room(tx *store.Tx, sc store.Scope) error {
	if !s.On {
		return nil
	}
	have, err := directories.List(tx, sc, store.Page{Limit: maxDirectories})
	if err == nil && len(have) == maxDirectories {
		err = &types.ResourceLimitExceededException{Message: new("You can register 50 directories in a Region at most.")}
	}
	return err
}
