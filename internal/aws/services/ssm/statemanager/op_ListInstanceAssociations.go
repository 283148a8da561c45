package statemanager

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListInstanceAssociationsInput asks for the associations of a node.
type ListInstanceAssociationsInput struct {
	InstanceId *string //nolint:revive // as on the wire
	MaxResults *int32
	NextToken  *string
}

// ListInstanceAssociationsOutput is a page of them.
type ListInstanceAssociationsOutput struct {
	Associations []InstanceAssociationSummary
	NextToken    *string
}

// InstanceAssociationSummary is an association as its node sees it. Parameters
// are lists for every type (nodes.md 7). ComplianceSeverity and SyncCompliance
// are our own words to our own agent; the SSM Agent does not know them.
type InstanceAssociationSummary struct {
	AssociationId, AssociationName, AssociationVersion *string //nolint:revive // as on the wire
	Checksum, DetailedStatus, DocumentVersion          *string
	InstanceId, Name, ScheduleExpression, Status       *string //nolint:revive // as on the wire
	ComplianceSeverity, SyncCompliance                 *string
	LastExecutionDate                                  *time.Time
	OutputLocation                                     *types.InstanceAssociationOutputLocation
	Parameters                                         map[string][]string
	Targets                                            []types.Target
}

// ListInstanceAssociations lists what the caller's own node is to keep up. The
// look removes the node's nudge.
func (s *Service) ListInstanceAssociations(ctx context.Context, in *ListInstanceAssociationsInput) (*ListInstanceAssociationsOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	after, limit, err := paging.Place("ListInstanceAssociations", in.NextToken, in.MaxResults, 20)
	if err != nil {
		return nil, err
	}
	out, seen := &ListInstanceAssociationsOutput{}, ""
	err = s.st.View(ctx, func(tx *store.Tx) error {
		*out, seen = ListInstanceAssociationsOutput{Associations: []InstanceAssociationSummary{}}, ""
		if _, ok, err := s.ports.Nodes.Resolve(tx, scope, *in.InstanceId); err != nil || !ok {
			return firstOf(err, noInstance(*in.InstanceId))
		}
		if n, err := nudges.Get(tx, scope, *in.InstanceId); err == nil {
			seen = n.Command
		}
		own, err := bindings.By(tx, scope, "node", *in.InstanceId, store.Page{After: after})
		if err != nil {
			return err
		}
		for _, b := range own {
			if len(out.Associations) == limit {
				out.NextToken = new(api.Token("ListInstanceAssociations", after))
				return nil
			}
			after = bindings.Key(b)
			one, err := s.summarize(tx, scope, b)
			if err != nil {
				return err
			}
			if one != nil {
				out.Associations = append(out.Associations, *one)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if seen == "" || out.NextToken != nil {
		return out, nil
	}
	return out, s.granted(ctx, scope, *in.InstanceId, seen)
}

// granted removes a nudge that a node followed, unless it was renewed since.
func (s *Service) granted(ctx context.Context, scope store.Scope, node, command string) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		n, err := nudges.Get(tx, scope, node)
		if missing(err) || (err == nil && n.Command != command) {
			return nil
		}
		if err != nil {
			return err
		}
		return nudges.Delete(tx, scope, node)
	})
}

// summarize shows an association to its node; nil when the node has nothing to
// do with it yet: it waits for its turn, or for a time that the plane keeps.
func (s *Service) summarize(tx *store.Tx, scope store.Scope, b *binding) (*InstanceAssociationSummary, error) {
	a, err := associations.Get(tx, scope, b.Association)
	if missing(err) || (err == nil && !b.released() && b.LastRun.IsZero()) {
		return nil, nil //nolint:nilnil // no association is no fault
	}
	if err != nil {
		return nil, err
	}
	details := b.Details
	if details == pending && !b.released() {
		details = success // it has run, and waits for its turn
	}
	given, err := s.filled(tx, scope, a.Parameters)
	if err != nil {
		return nil, err
	}
	one := &InstanceAssociationSummary{
		AssociationId: &a.ID, AssociationName: api.Optional(a.Name), AssociationVersion: decimal(a.Version), InstanceId: &b.Node,
		Name: &a.Document, DocumentVersion: a.shownVersion(), Parameters: given, Targets: a.showTargets(),
		DetailedStatus: &details, Status: new(broad(details)), OutputLocation: a.Output.show(),
		ComplianceSeverity: api.Optional(a.Severity), SyncCompliance: api.Optional(a.Sync),
	}
	if !b.LastRun.IsZero() {
		one.LastExecutionDate = &b.LastRun
	}
	if a.nodesKeepTime() {
		one.ScheduleExpression = &a.Schedule
	}
	hash := ""
	if d, err := s.ports.Documents.Document(tx, scope, a.Document, a.DocumentVersion); err == nil {
		hash = d.Sha256
	}
	// A new checksum makes the SSM Agent read the document anew and look at
	// DetailedStatus anew, so a release changes it too.
	text, err := json.Marshal([]any{a.ID, a.settings, hash, b.Runs})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	one.Checksum = new(hex.EncodeToString(sum[:]))
	return one, nil
}

func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (s *Service) listInstanceAssociationsChecks(ctx context.Context, in *ListInstanceAssociationsInput) ([]api.Check, error) {
	return onNode(ctx, "ssm:ListInstanceAssociations", *in.InstanceId), nil
}
