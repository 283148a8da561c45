package webaccess

import (
	"slices"
	"strings"
	"sync"

	"tamachi/internal/desktops"
)

// watchers are those who look at desktops for support. The desktop's user is
// told who they are.
type watchers struct {
	mu sync.Mutex
	by map[string][]string // guarded by mu; names by desktop, one for each stream
}

// add notes one, until the returned function is called.
func (w *watchers) add(v desktops.Visit) (done func()) {
	name := v.Caller[strings.LastIndexAny(v.Caller, "/:")+1:]
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.by == nil {
		w.by = map[string][]string{}
	}
	w.by[v.ID] = append(w.by[v.ID], name)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		list := w.by[v.ID]
		if i := slices.Index(list, name); i >= 0 {
			w.by[v.ID] = slices.Delete(list, i, i+1)
		}
		if len(w.by[v.ID]) == 0 {
			delete(w.by, v.ID)
		}
	}
}

// of lists who looks at a desktop, each once.
func (w *watchers) of(id string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := slices.Clone(w.by[id])
	slices.Sort(list)
	return slices.Compact(list)
}
