package tamachi

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// FollowCommandInput names a command of Run Command, and a node if one is
// meant.
type FollowCommandInput struct {
	CommandId  *string
	InstanceId *string
	NextToken  *string
}

// FollowCommandOutput is what is new since the token: text that steps wrote, and
// nodes that are done. Text may come again; what lies before a known offset is
// known.
type FollowCommandOutput struct {
	Output        []WrittenText
	Ended         []EndedNode
	Status        *string // of the command
	StatusDetails *string
	Done          *bool // nothing more will come
	NextToken     *string
}

// WrittenText is a piece of what a step wrote.
type WrittenText struct {
	InstanceId *string
	Step       *string
	Stream     *string // stdout or stderr
	Offset     *int64
	Data       []byte
}

// EndedNode is a node that is done with the command.
type EndedNode struct {
	InstanceId    *string
	Status        *string
	StatusDetails *string
	ResponseCode  *int32
}

// FollowCommand returns what is new of a command, and waits some seconds for it
// when there is nothing.
func (s *Service) FollowCommand(ctx context.Context, in *FollowCommandInput) (*FollowCommandOutput, error) {
	call := api.CallFrom(ctx)
	instance, place := "", ""
	if in.InstanceId != nil {
		instance = *in.InstanceId
	}
	if in.NextToken != nil && *in.NextToken != "" {
		known, ok := api.After("FollowCommand", *in.NextToken)
		if !ok {
			return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "The specified token isn't valid."}
		}
		place = known
	}
	p, err := s.ports.Commands.Follow(ctx, call.Account, call.Region, *in.CommandId, instance, place)
	if errors.Is(err, ErrNoCommand) {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "There is no such command, or it was not sent to this node."}
	}
	if err != nil {
		return nil, fmt.Errorf("follow command %s: %w", *in.CommandId, err)
	}
	token := api.Token("FollowCommand", p.Place)
	out := &FollowCommandOutput{
		Output: []WrittenText{}, Ended: []EndedNode{}, Status: &p.Status, StatusDetails: &p.Details, Done: &p.Done, NextToken: &token,
	}
	for _, w := range p.Output {
		out.Output = append(out.Output, WrittenText{InstanceId: &w.Node, Step: &w.Step, Stream: &w.Stream, Offset: &w.Offset, Data: w.Data})
	}
	for _, e := range p.Ended {
		code := int32(e.Code)
		out.Ended = append(out.Ended, EndedNode{InstanceId: &e.Node, Status: &e.Status, StatusDetails: &e.Details, ResponseCode: &code})
	}
	return out, nil
}

// Who may read a command's result may follow it.
func (s *Service) followCommandChecks(context.Context, *FollowCommandInput) ([]api.Check, error) {
	return api.OnAny("ssm:GetCommandInvocation"), nil
}
