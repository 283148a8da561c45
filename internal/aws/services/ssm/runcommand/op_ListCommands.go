package runcommand

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListCommands lists commands, newest first.
func (s *Service) ListCommands(ctx context.Context, in *ssm.ListCommandsInput) (*ssm.ListCommandsOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	w, err := read("ListCommands", in.NextToken, in.MaxResults, in.Filters)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListCommandsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.Commands = []types.Command{}
		node, err := s.nodeOf(tx, scope, in.InstanceId)
		if err != nil {
			return err
		}
		next := func(p store.Page) ([]*command, error) {
			if in.CommandId == nil {
				return commands.List(tx, scope, p)
			}
			if _, err := findCommand(tx, scope, *in.CommandId); err != nil {
				return nil, err
			}
			return commands.By(tx, scope, "id", *in.CommandId, p)
		}
		out.NextToken, err = collect(w, &commands, next, func(c *command) (bool, error) {
			status, details := c.status()
			stage := "Executing"
			if c.done() == c.Count {
				stage = "Complete"
			}
			words := []string{string(status), details, stage}
			if c.Exceeded {
				words = append(words, "LimitExceeded") // the filter's word for it
			}
			if !w.fits(c.Document, words...) {
				return false, nil
			}
			if ran, err := ranOn(tx, scope, c, node); err != nil || !ran {
				return false, err
			}
			out.Commands = append(out.Commands, c.describe())
			return true, nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ranOn tells whether a command was sent to a node; "" is any.
func ranOn(tx *store.Tx, scope store.Scope, c *command, node string) (bool, error) {
	if node == "" {
		return true, nil
	}
	_, err := c.invocation(tx, scope, node)
	if missing(err) {
		return false, nil
	}
	return err == nil, err
}

func (s *Service) listCommandsChecks(context.Context, *ssm.ListCommandsInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListCommands"), nil
}
