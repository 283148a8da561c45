package sessionmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ResumeSession makes a new token for a session whose client lost its channel.
// The session itself has not changed: it does when the client comes.
func (s *Service) ResumeSession(ctx context.Context, in *ssm.ResumeSessionInput) (*ssm.ResumeSessionOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		one, err := find(tx, store.In(call.Place()), *in.SessionId)
		if missing(err) || err == nil && (one.over() || one.Status == terminating) {
			return &types.DoesNotExistException{Message: text("Session " + *in.SessionId + " does not exist or has ended.")}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	token := s.ports.Channels.ClientToken(*in.SessionId)
	return &ssm.ResumeSessionOutput{SessionId: in.SessionId, TokenValue: &token, StreamUrl: text(streamURL(call, *in.SessionId))}, nil
}

func (s *Service) resumeSessionChecks(ctx context.Context, in *ssm.ResumeSessionInput) ([]api.Check, error) {
	return s.onSession(ctx, "ssm:ResumeSession", *in.SessionId)
}

// onSession is the check of an action on a session, with the tags that it has
// if it exists.
func (s *Service) onSession(ctx context.Context, action, id string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	check := api.Check{Action: action, Resource: sessionARN(store.In(call.Place()), id).String()}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		one, err := find(tx, store.In(call.Place()), id)
		if missing(err) {
			return nil
		}
		if err == nil {
			check.Tags = one.tags()
		}
		return err
	})
	return []api.Check{check}, err
}
