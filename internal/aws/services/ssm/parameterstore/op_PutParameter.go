package parameterstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// PutParameter creates a parameter, or a new version of one.
func (s *Service) PutParameter(ctx context.Context, in *ssm.PutParameterInput) (*ssm.PutParameterOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	d, err := readDraft(scope, call, in)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, scope, d); err != nil {
		return nil, err
	}
	var out *ssm.PutParameterOutput
	c := s.claim(scope)
	err = c.end(s.st.Update(ctx, func(tx *store.Tx) error {
		if err := c.begin(tx); err != nil {
			return err
		}
		p, err := s.put(tx, scope, d, c)
		if err != nil {
			return err
		}
		what := "Update"
		if p.Version == 1 {
			what = "Create"
		}
		if err := s.tell(tx, scope, p, what); err != nil {
			return err
		}
		out = &ssm.PutParameterOutput{Version: p.Version, Tier: types.ParameterTier(p.Tier)}
		api.WillAnswer(ctx, out)
		return nil
	}))
	if err != nil {
		return nil, err
	}
	return out, nil
}

// prepare does what must be done before the transaction: the value of a
// SecureString is encrypted, for which its type and tier must be known.
func (s *Service) prepare(ctx context.Context, scope store.Scope, d *draft) error {
	if d.kind != "" && d.kind != typeSecure {
		return nil
	}
	c := s.claim(scope)
	var kind, tier string
	err := s.st.View(ctx, func(tx *store.Tx) error {
		old, err := d.existing(tx, scope)
		if err != nil {
			return err
		}
		if kind, err = d.typeFor(old); err != nil || kind != typeSecure {
			return err
		}
		tier, err = s.tierFor(tx, scope, d, old, c)
		return err
	})
	if err != nil || kind != typeSecure {
		return err
	}
	d.secret, err = s.seal(ctx, scope, d.name, d.key, tier, d.value)
	d.sealed = err == nil
	return err
}

// put stores a draft as a new parameter or version.
func (s *Service) put(tx *store.Tx, scope store.Scope, d *draft, c *claim) (*parameter, error) {
	old, err := d.existing(tx, scope)
	if err != nil {
		return nil, err
	}
	p, err := d.compose(old)
	if err != nil {
		return nil, err
	}
	if p.Tier, err = s.tierFor(tx, scope, d, old, c); err != nil {
		return nil, err
	}
	if old == nil {
		if err := c.add(p.Tier); err != nil {
			return nil, err
		}
	} else if err := s.supersede(tx, scope, old, p, c); err != nil {
		return nil, err
	}
	if err := p.schedule(tx, scope); err != nil {
		return nil, err
	}
	return p, parameters.Put(tx, scope, p)
}

// supersede keeps the version that was the latest, and lets the oldest go when
// there are too many.
func (s *Service) supersede(tx *store.Tx, scope store.Scope, old, p *parameter, c *claim) error {
	if old.Tier != p.Tier {
		if err := c.add(p.Tier); err != nil {
			return err
		}
		c.remove(old.Tier)
	}
	if oldest := p.Version - keptVersions; oldest >= 1 {
		if len(p.labelsOf(oldest)) > 0 {
			return &types.ParameterMaxVersionLimitExceeded{Message: new(fmt.Sprintf(
				"You attempted to create a new version of %s by calling the PutParameter API with the overwrite flag. Version %d, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.",
				p.Name, oldest))}
		}
		err := versions.Delete(tx, scope, versionKey(p.Name, oldest))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return versions.Put(tx, scope, &old.version)
}

// putParameterChecks asks for the parameter and, when tags are given, for
// tagging it.
func (s *Service) putParameterChecks(ctx context.Context, in *ssm.PutParameterInput) ([]api.Check, error) {
	checks, err := s.checkNamed(ctx, "ssm:PutParameter", *in.Name)
	if err != nil {
		return nil, err
	}
	checks[0].Keys = map[string]string{
		"ssm:Overwrite": strconv.FormatBool(in.Overwrite != nil && *in.Overwrite),
		"ssm:Policies":  strconv.FormatBool(in.Policies != nil && *in.Policies != ""),
	}
	return tag.Made(checks[0], in.Tags, checks[0].Resource), nil
}
