package managednodes

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/smithy-go"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Reach notes which buckets a node finds by name, unless that is nil, and
// returns the node's state.
func (s *Service) Reach(ctx context.Context, account, node string, buckets *nodes.Buckets) (nodes.State, error) {
	var n managedNode
	look := func(tx *store.Tx) error {
		row, err := findNode(tx, node)
		if errors.Is(err, ErrUnknownNode) || err == nil && row.Scope.Account != account {
			return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "The caller is no registered managed node."}
		}
		if err != nil {
			return err
		}
		n = *row.Record
		if buckets == nil || n.Buckets != nil && n.Buckets.All == buckets.All && slices.Equal(n.Buckets.Names, buckets.Names) {
			return nil
		}
		n.Buckets = buckets
		return managedNodes.Put(tx, row.Scope, &n)
	}
	run := s.st.View
	if buckets != nil {
		run = s.st.Update
	}
	if err := run(ctx, look); err != nil {
		return nodes.State{}, err
	}
	return nodes.State{Ping: string(s.status(&n)), Role: n.Role}, nil
}

// FindsBucket tells whether a node finds a bucket by its name. A node that
// never said, as amazon-ssm-agent does not, is taken to.
func (s *Service) FindsBucket(tx *store.Tx, scope store.Scope, node, bucket string) (bool, error) {
	n, err := managedNodes.Get(tx, scope, node)
	if err != nil {
		return false, err
	}
	return n.Buckets == nil || n.Buckets.All || slices.Contains(n.Buckets.Names, bucket), nil
}
