package plan

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// byRule asks the settings' rule that agrees in the place of people; nil where
// there is none. What it agreed to in this month counts, applied or not.
func (p *Plan) byRule(conf *settings.Settings, rule settings.Approval, folder approval.Folder, now time.Time) (*approval.Rule, error) {
	if rule.Auto.Times == 0 {
		return nil, nil //nolint:nilnil // the request says so by having none
	}
	past, err := folder.List()
	if err != nil {
		return nil, err // what cannot be read could be over the limit
	}
	duty := p.Duty
	if _, own := conf.Approvals[duty]; !own {
		duty = "*"
	}
	said := &approval.Rule{Name: "approvals." + duty + ".auto"}
	month := now.In(conf.Location()).Format("2006-01")
	var used []string
	for _, r := range past {
		q := r.Request
		if by := q.Rule; by != nil && by.Agrees && by.Name == said.Name && q.Digest != p.Digest && q.Made.In(conf.Location()).Format("2006-01") == month {
			used = append(used, by.Of...)
		}
	}
	why, agrees := p.within(conf, rule.Auto, used)
	said.Agrees, said.Why = agrees, approval.Title{En: why.En, Ja: why.Ja}
	if agrees {
		for _, s := range p.Steps {
			said.Of = append(said.Of, s.Resource)
		}
	}
	return said, nil
}

// within tells whether each step is one that the rule agrees to, and why.
func (p *Plan) within(conf *settings.Settings, a settings.Auto, used []string) (Text, bool) {
	asks := conf.Caller(p.By)
	if asks == "" && !a.Own {
		return Say(text.RuleWho, "by", p.By), false
	}
	sum, currency := new(big.Rat), ""
	for _, s := range p.Steps {
		more, priced := new(big.Rat), false
		if s.More != nil {
			_, priced = more.SetString(s.More.Amount)
		}
		switch {
		case !priced:
			return Say(text.RuleNoPrice, "resource", s.Resource), false
		case !a.Own && strings.EqualFold(s.Owner, asks):
			return Say(text.RuleOwn, "person", asks), false
		case more.Cmp(decimal(a.More)) > 0:
			return Say(text.RuleMore, "more", s.More.Amount, "currency", s.More.Currency, "resource", s.Resource, "most", number(a.More)), false
		case slices.Contains(used, s.Resource):
			return Say(text.RuleOnce, "resource", s.Resource), false
		}
		sum.Add(sum, more)
		currency = s.More.Currency
	}
	if n := len(used) + len(p.Steps); n > a.Times {
		return Say(text.RuleTimes, "n", len(used), "times", a.Times), false
	}
	return Say(text.RuleWithin, "more", sum.FloatString(2), "currency", currency, "most", number(a.More), "n", len(used)+len(p.Steps), "times", a.Times), true
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// decimal is the number that the file has, not the binary one nearest to it.
func decimal(v float64) *big.Rat {
	r, ok := new(big.Rat).SetString(number(v))
	if !ok {
		return new(big.Rat)
	}
	return r
}

// Same is the plan of a duty that begins with a move and is not over: begun
// and broken off, or asked about, or agreed to. "" is none. So a duty that is
// asked for twice asks people once.
func (d *Desk) Same(duty string, do Move) (id string, err error) {
	folder, err := d.Folder()
	if err != nil {
		return "", err
	}
	shelves, err := shelf.In(d.World.Getenv)
	if err != nil {
		return "", err
	}
	asked, _ := approval.In(shelves).List()
	all, _ := folder.List() // of both, what cannot be read, tamachi plan list tells
	for _, r := range all {
		if r.Plan.Duty != duty || len(r.Plan.Steps) == 0 || r.Plan.Steps[0].Do.Action != do.Action || string(r.Plan.Steps[0].Do.Input) != string(do.Input) {
			continue
		}
		switch r.Steps[0].State {
		case Begun, Asked:
			return r.Plan.ID, nil
		case Waiting:
		case Applied, Failed, Skipped, Undoing, Undone, Kept:
			continue
		}
		for _, q := range asked {
			if state, _ := q.State(d.World.Clock.Now()); q.Request.Digest == r.Plan.Digest && (state == approval.Pending || state == approval.Approved) {
				return r.Plan.ID, nil
			}
		}
	}
	return "", nil
}
