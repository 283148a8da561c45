package sessionmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TerminateSession ends a session for good. It is Terminated when its node has
// said so, or has not for a while. One that is over stays as it was.
func (s *Service) TerminateSession(ctx context.Context, in *ssm.TerminateSessionInput) (*ssm.TerminateSessionOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		one, err := find(tx, store.In(call.Place()), *in.SessionId)
		if missing(err) {
			return invalid("Session " + *in.SessionId + " does not exist.")
		}
		if err != nil || !one.leave(call.Time, "") {
			return err
		}
		return sessions.Put(tx, store.In(call.Place()), one)
	})
	if err != nil {
		return nil, err
	}
	s.ports.Channels.CloseSession(*in.SessionId, "")
	return &ssm.TerminateSessionOutput{SessionId: in.SessionId}, nil
}

func (s *Service) terminateSessionChecks(ctx context.Context, in *ssm.TerminateSessionInput) ([]api.Check, error) {
	return s.onSession(ctx, "ssm:TerminateSession", *in.SessionId)
}
