package tamachi

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AddTemporaryGroupMemberInput names a group, a member, and when it ends.
type AddTemporaryGroupMemberInput struct {
	DirectoryId, GroupName, MemberName *string
	Until                              *time.Time
}

// AddTemporaryGroupMemberOutput tells when the membership ends.
type AddTemporaryGroupMemberOutput struct {
	Until *time.Time
}

// AddTemporaryGroupMember makes somebody member of a group until a time, when
// the service ends the membership. Of a membership that it began it moves the
// end. The end is stored before the membership begins, so that no crash makes
// it last.
func (s *Service) AddTemporaryGroupMember(ctx context.Context, in *AddTemporaryGroupMemberInput) (*AddTemporaryGroupMemberOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	t := &term{
		DirectoryID: *in.DirectoryId, Group: *in.GroupName, Member: *in.MemberName, Until: in.Until.UTC(), Since: call.Time, By: call.Caller.ARN,
	}
	switch {
	case !t.Until.After(call.Time):
		return nil, invalidPolicy("Until must be in the future.")
	case strings.ContainsFunc(t.Group+t.Member, unicode.IsControl):
		return nil, invalidPolicy("A name has a character that can't be in a name.")
	}
	member, err := s.ports.Members.Is(ctx, call.Account, call.Region, t.DirectoryID, t.Group, t.Member)
	if err != nil {
		return nil, err
	}
	moved := false
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		have, err := terms.Get(tx, sc, terms.Key(t))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		moved = err == nil
		if member && !moved {
			return alreadyMember(t)
		}
		if moved {
			t.Since = have.Since
		}
		return terms.Put(tx, sc, t)
	})
	if err != nil {
		return nil, err
	}
	if !member {
		if err := s.ports.Members.Add(ctx, t.DirectoryID, t.Group, t.Member); err != nil {
			return nil, errors.Join(err, s.dropTerm(ctx, sc, t))
		}
	}
	return &AddTemporaryGroupMemberOutput{Until: &t.Until}, nil
}

// addTemporaryGroupMemberChecks are those of AddGroupMember of Directory
// Service Data, which is called in the caller's name.
func (s *Service) addTemporaryGroupMemberChecks(ctx context.Context, in *AddTemporaryGroupMemberInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	on := arn.New("ds", call.Region, call.Account, "directory/"+*in.DirectoryId)
	add := api.On("ds-data:AddGroupMember", on)
	add[0].Keys = map[string]string{"ds-data:SAMAccountName": *in.GroupName, "ds-data:MemberName": *in.MemberName, "ds-data:Identifier": "SAMAccountName"}
	add[0].Sets = map[string][]string{"ds-data:Realm": nil, "ds-data:MemberRealm": nil}
	return append(api.On("ds:AccessDSData", on), add...), nil
}
