package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/notify"
)

// mostTold is how many changes a notice names.
const mostTold = 10

// changed are the steps that have changed something so far.
func (r *Record) changed() map[int]bool {
	out := map[int]bool{}
	for i := range r.Steps {
		if r.Steps[i].State == Applied && r.Changed(i) {
			out[i] = true
		}
	}
	return out
}

// inform writes to the people whom a plan's changes concern, where the settings
// know them, and to the channel that the settings give to its duty. What was done
// before this run they know already.
func (d *Desk) inform(ctx context.Context, r *Record, before map[int]bool) error {
	if d.World.Tell == nil {
		return nil
	}
	conf, err := settings.Load(d.World.Getenv)
	if err != nil {
		return err
	}
	byOwner, all := map[string][]int{}, []int{}
	for i, s := range r.Plan.Steps {
		if r.Steps[i].State != Applied || !r.Changed(i) || before[i] {
			continue
		}
		all = append(all, i)
		for name := range conf.People {
			if strings.EqualFold(name, s.Owner) {
				byOwner[name] = append(byOwner[name], i)
			}
		}
	}
	var failed []error
	for _, name := range slices.Sorted(maps.Keys(byOwner)) {
		if err := d.World.Tell(ctx, r.post(byOwner[name], notify.Post{To: []string{name}})); err != nil {
			failed = append(failed, err)
		}
	}
	if _, wanted := conf.Channels[r.Plan.Duty]; wanted && len(all) > 0 {
		if err := d.World.Tell(ctx, r.post(all, notify.Post{Topic: r.Plan.Duty})); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// post says what some steps have changed. The same steps are the same post.
func (r *Record) post(steps []int, p notify.Post) notify.Post {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %v %v %v", r.Plan.Digest, p.To, p.Topic, steps))
	p.ID = "done-" + hex.EncodeToString(sum[:8])
	for i, lang := range []report.Lang{report.English, report.Japanese} {
		var what, why []string
		for n, k := range steps {
			if n == mostTold {
				what = append(what, text.AndMore.In(lang, "n", len(steps)-mostTold))
				break
			}
			s := &r.Plan.Steps[k]
			what = append(what, s.What.In(lang))
			if w := s.Why.In(lang); !slices.Contains(why, w) {
				why = append(why, w)
			}
		}
		p.What[i] = text.WasDone.In(lang, "what", strings.Join(what, "; "))
		p.Why[i] = cmp.Or(r.Plan.Reason, strings.Join(why, "; "))
		p.Do[i] = text.IfWrong.In(lang, "by", r.Plan.By, "id", r.Plan.ID)
	}
	return p
}
