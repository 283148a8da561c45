package iam

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// reportsAtOnce bounds what one step of the upkeep makes.
const reportsAtOnce = 100

// makeReports makes the reports that were asked for, and drops those that are
// too old to be read.
func (s *Service) makeReports(ctx context.Context) (next time.Time, err error) {
	var due, old []*accessReport
	now := s.clock.Now()
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if due, err = accessReports.By(tx, store.Scope{}, "open", "open", store.Page{Limit: reportsAtOnce}); err != nil {
			return err
		}
		old, err = accessReports.List(tx, store.Scope{}, store.Page{Limit: reportsAtOnce}) // their ids begin with their time
		return err
	})
	if err != nil {
		return next, err
	}
	old = slices.DeleteFunc(old, func(r *accessReport) bool { return now.Before(r.Created.Add(reportsFor)) || r.open() != "" })
	if len(due) == 0 && len(old) == 0 {
		return now.Add(time.Hour), nil
	}
	if err := s.accesses.catchUp(ctx, s.ports.Trail); err != nil {
		return next, err
	}
	for _, r := range due {
		if err := s.makeReport(ctx, r, now); err != nil {
			return next, err
		}
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		for _, r := range due {
			if err := accessReports.Put(tx, store.Scope{}, r); err != nil {
				return err
			}
		}
		for _, r := range old {
			if err := accessReports.Delete(tx, store.Scope{}, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if len(due) == reportsAtOnce || len(old) == reportsAtOnce {
		return now, err
	}
	return now.Add(time.Hour), err
}

// makeReport fills a report.
func (s *Service) makeReport(ctx context.Context, r *accessReport, now time.Time) error {
	var held *policy.Set
	calls := map[string]map[string]recent{} // by entity and service
	sc := store.Scope{Account: r.Account}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		subject, err := s.findSubject(tx, sc, r.Subject)
		if err != nil {
			return err
		}
		held, r.Entities = subject.held, subject.entities
		for _, e := range r.Entities {
			if calls[e.ID], err = s.touchesOf(tx, entityOf{r.Account, e.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	r.Completed = now.UTC().Truncate(time.Second)
	if gone, ok := errors.AsType[*types.NoSuchEntityException](err); ok {
		r.State, r.Problem = types.JobStatusTypeFailed, gone.ErrorMessage()
		return nil
	}
	if err != nil {
		return err
	}
	all, err := grantable()
	if err != nil {
		return err
	}
	r.State = types.JobStatusTypeCompleted
	for i := range all {
		if granted := all[i].granted(held); len(granted) > 0 {
			r.Services = append(r.Services, s.accessTo(r, all[i].namespace, granted, calls, now.Add(-trackedFor)))
		}
	}
	return nil
}

// accessTo is what the trail, and what was noted of calls, tell of one service.
func (s *Service) accessTo(r *accessReport, namespace string, granted []string, calls map[string]map[string]recent, since time.Time) accessedByName {
	line := accessedByName{Namespace: namespace}
	latest := map[string]accessUse{}
	for i, e := range r.Entities {
		use := s.accesses.of(entityOf{r.Account, e.ID}, namespace, since)
		if last := use.later(calls[e.ID][namespace]); last.at.After(since) {
			line.Uses = append(line.Uses, accessUse{i, last.at, last.region})
		}
		for action, a := range use.actions {
			if a.at.After(latest[action].At) && a.at.After(since) && slices.Contains(granted, action) {
				latest[action] = accessUse{i, a.at, a.region}
			}
		}
	}
	slices.SortStableFunc(line.Uses, func(a, b accessUse) int { return b.At.Compare(a.At) })
	if r.Granularity != types.AccessAdvisorUsageGranularityTypeActionLevel {
		return line
	}
	for action, use := range latest {
		line.Actions = append(line.Actions, accessAction{action, use})
	}
	slices.SortFunc(line.Actions, func(a, b accessAction) int { return strings.Compare(a.Name, b.Name) })
	return line
}

// subject is whose access a report is about: the policies, and who could have
// used them.
type subject struct {
	held     *policy.Set
	entities []accessEntity
}

// findSubject finds a user, group, role or managed policy by its ARN.
func (s *Service) findSubject(tx *store.Tx, sc store.Scope, subjectARN string) (subject, error) {
	if isPolicyARN(subjectARN) {
		return s.subjectPolicy(tx, sc, subjectARN)
	}
	kind, name, ok := holderOf(subjectARN, sc.Account)
	if !ok {
		return subject{}, invalidInput("Invalid Entity Arn: %s", subjectARN)
	}
	h, err := findHolder(tx, sc, kind, name)
	if err != nil {
		return subject{}, err
	}
	if h.arn(sc.Account) != subjectARN { // another path
		return subject{}, noSuch("The %s with name %s cannot be found.", kind, name)
	}
	b, err := s.bind(tx, sc, h.id)
	if err != nil {
		return subject{}, err
	}
	out := subject{held: b.Identity}
	out.entities, err = entitiesOf(tx, sc, h)
	return out, err
}

// subjectPolicy is a managed policy and who has it.
func (s *Service) subjectPolicy(tx *store.Tx, sc store.Scope, policyARN string) (subject, error) {
	if _, err := findManaged(tx, sc, policyARN); err != nil {
		return subject{}, err
	}
	p, err := s.managedPolicy(tx, sc, policyARN)
	if err != nil {
		return subject{}, err
	}
	have, err := holdersOf(tx, sc, policyARN, types.PolicyUsageTypePermissionsPolicy)
	if err != nil {
		return subject{}, err
	}
	out := subject{held: policy.NewSet(p)}
	for _, h := range have {
		more, err := entitiesOf(tx, sc, h)
		if err != nil {
			return subject{}, err
		}
		out.entities = append(out.entities, more...)
	}
	slices.SortFunc(out.entities, func(a, b accessEntity) int { return strings.Compare(a.ID, b.ID) })
	out.entities = slices.Compact(out.entities)
	return out, nil
}

// entitiesOf are the users and roles that a holder's policies reach: itself, or
// the members of a group.
func entitiesOf(tx *store.Tx, sc store.Scope, h holder) ([]accessEntity, error) {
	all := []holder{h}
	if h.kind == ofGroup {
		in, err := membersOf(tx, sc, h.id)
		if err != nil {
			return nil, err
		}
		all = all[:0]
		for _, u := range in {
			all = append(all, u.holder())
		}
	}
	out := make([]accessEntity, 0, len(all))
	for _, h := range all {
		out = append(out, accessEntity{h.kind, h.id, h.name, h.path, h.arn(sc.Account)})
	}
	return out, nil
}
