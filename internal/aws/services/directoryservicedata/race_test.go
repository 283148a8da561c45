package directoryservicedata

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// during does something while a call checks its first password.
func (r *room) during(call, meanwhile func()) {
	r.turns = make(turns) // whoever takes a turn meets us
	done := make(chan struct{})
	go func() {
		defer close(done)
		call()
	}()
	<-r.turns
	meanwhile()
	r.turns <- struct{}{}
	for {
		select {
		case <-r.turns:
			r.turns <- struct{}{}
		case <-done:
			r.turns = make(turns, 1)
			return
		}
	}
}

// What an administrator does while a person's password is checked is not undone
// by the change that the person asked for.
func TestAnAdministratorIsFasterThanAChangeOfPassword(t *testing.T) {
	for name, row := range map[string]struct {
		act      func(r *room, sealed string) error
		old, new directory.Standing // of the former password and the administrator's
	}{
		"disables": {func(r *room, _ string) error {
			_, err := r.DisableUser(r.in(t, home, "DisableUser"), &DisableUserInput{DirectoryId: new(corp), SAMAccountName: new("tanaka")})
			return err
		}, directory.Disabled, directory.WrongPassword},
		"resets the password": {func(r *room, sealed string) error {
			return r.st.Update(t.Context(), func(tx *store.Tx) error { return r.SetPassword(tx, home, corp, "tanaka", sealed) })
		}, directory.WrongPassword, directory.Good},
		"deletes": {func(r *room, _ string) error {
			_, err := r.DeleteUser(r.in(t, home, "DeleteUser"), &DeleteUserInput{DirectoryId: new(corp), SAMAccountName: new("tanaka")})
			return err
		}, directory.Unknown, directory.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			r.hire(t, "tanaka", "Sesame-1")
			r.edit(t, "tanaka", func(u *user) { u.MustChange = true })
			sealed, err := r.Seal(t.Context(), "Sesame-2")
			if err != nil {
				t.Fatal(err)
			}
			r.clk.Advance(25 * time.Hour)
			r.during(func() {
				err := r.ChangePassword(t.Context(), corp, "tanaka", "Sesame-1", "Sesame-3")
				if _, refused := errors.AsType[*directory.Refusal](err); !refused {
					t.Errorf("want the change refused, got %v", err)
				}
			}, func() {
				if err := row.act(r, sealed); err != nil {
					t.Error(err)
				}
			})
			r.verify(t, "tanaka", "Sesame-2", row.new)
			r.verify(t, "tanaka", "Sesame-1", row.old)
		})
	}
}

// Many who guess at once learn no more than one who guesses again and again.
func TestGuessingAtOnceLocksAsWell(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	var wg sync.WaitGroup
	said := make(chan directory.Standing, 40)
	r.during(func() {
		for range cap(said) {
			wg.Go(func() {
				standing, err := r.Verify(t.Context(), corp, "tanaka", "x")
				if err != nil {
					t.Error(err)
				}
				said <- standing
			})
		}
		wg.Wait()
	}, func() {})
	close(said)
	got := map[directory.Standing]int{}
	for standing := range said {
		got[standing]++
	}
	if got[directory.WrongPassword] != r.rules.Threshold || got[directory.Locked] != cap(said)-r.rules.Threshold {
		t.Errorf("want %d answers of %d guesses, got %v", r.rules.Threshold, cap(said), got)
	}
}

// Who was right before the lock is not let in after it.
func TestALockHoldsForAPasswordThatIsBeingChecked(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.during(func() { r.verify(t, "tanaka", "Sesame-1", directory.Locked) }, func() {
		for range r.rules.Threshold {
			if _, err := r.failed(t.Context(), home, &user{DirectoryID: corp, Name: "tanaka"}); err != nil {
				t.Error(err)
			}
		}
	})
}

// A guess at a user who is being deleted leaves nothing for the next of the name.
func TestAGuessAtADeletedUserIsForgotten(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.during(func() { r.verify(t, "tanaka", "x", directory.WrongPassword) }, func() {
		if _, err := r.DeleteUser(r.in(t, home, "DeleteUser"), &DeleteUserInput{DirectoryId: new(corp), SAMAccountName: new("tanaka")}); err != nil {
			t.Error(err)
		}
	})
	err := r.st.View(t.Context(), func(tx *store.Tx) error {
		left, err := failures.List(tx, home, store.Page{})
		if len(left) > 0 {
			t.Errorf("want no failures kept, got %+v", left[0])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// atOnce are the errors of two calls at once, in no order.
func atOnce(one, other func() error) [2]error {
	var got [2]error
	var wg sync.WaitGroup
	wg.Go(func() { got[0] = one() })
	wg.Go(func() { got[1] = other() })
	wg.Wait()
	return got
}

// oneWins wants that of two calls exactly one is refused, by that code.
func oneWins(t *testing.T, got [2]error, code string) {
	t.Helper()
	if (got[0] == nil) == (got[1] == nil) {
		t.Errorf("want one of two done, got %v", got)
		return
	}
	var e smithy.APIError
	if !errors.As(errors.Join(got[0], got[1]), &e) || e.ErrorCode() != code {
		t.Errorf("want the other refused by %s, got %v", code, got)
	}
}

// hires, groups, joins, leaves, fires and disbands are calls about tanaka and the
// group sales.
func (r *room) hires(t *testing.T, name string, token *string) func() error {
	return func() error {
		_, err := r.create(t, home, CreateUserInput{SAMAccountName: &name, ClientToken: token})
		return err
	}
}

func (r *room) groups(t *testing.T) func() error {
	return func() error {
		_, err := r.CreateGroup(r.in(t, home, "CreateGroup"), &CreateGroupInput{DirectoryId: new(corp), SAMAccountName: new("Sales")})
		return err
	}
}

func (r *room) joins(t *testing.T) func() error {
	return func() error {
		_, err := r.AddGroupMember(r.in(t, home, "AddGroupMember"), &AddGroupMemberInput{DirectoryId: new(corp), GroupName: new("sales"), MemberName: new("tanaka")})
		return err
	}
}

func (r *room) leaves(t *testing.T) func() error {
	return func() error {
		_, err := r.RemoveGroupMember(r.in(t, home, "RemoveGroupMember"), &RemoveGroupMemberInput{DirectoryId: new(corp), GroupName: new("sales"), MemberName: new("tanaka")})
		return err
	}
}

func (r *room) fires(t *testing.T) func() error {
	return func() error {
		_, err := r.DeleteUser(r.in(t, home, "DeleteUser"), &DeleteUserInput{DirectoryId: new(corp), SAMAccountName: new("tanaka")})
		return err
	}
}

func (r *room) disbands(t *testing.T) func() error {
	return func() error {
		_, err := r.DeleteGroup(r.in(t, home, "DeleteGroup"), &DeleteGroupInput{DirectoryId: new(corp), SAMAccountName: new("sales")})
		return err
	}
}

// Of two who want the same at once one has it, and the other is told by the
// model's error.
func TestTwoWhoWantTheSame(t *testing.T) {
	r := newRoom(t)
	for range 20 {
		oneWins(t, atOnce(r.hires(t, "tanaka", nil), r.hires(t, "Tanaka", nil)), "ConflictException")
		oneWins(t, atOnce(r.groups(t), r.groups(t)), "ConflictException")
		oneWins(t, atOnce(r.joins(t), r.joins(t)), "ConflictException")
		oneWins(t, atOnce(r.leaves(t), r.leaves(t)), "ResourceNotFoundException")
		oneWins(t, atOnce(r.fires(t), r.fires(t)), "ResourceNotFoundException")
		oneWins(t, atOnce(r.hires(t, "sales2", nil), r.hires(t, "SALES2", nil)), "ConflictException")
		oneWins(t, atOnce(r.disbands(t), r.disbands(t)), "ResourceNotFoundException")
		oneWins(t, atOnce(r.groups(t), r.hires(t, "sales", nil)), "ConflictException")
		if _, err := r.DeleteUser(r.in(t, home, "DeleteUser"), &DeleteUserInput{DirectoryId: new(corp), SAMAccountName: new("sales")}); err != nil {
			if err := r.disbands(t)(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.DeleteUser(r.in(t, home, "DeleteUser"), &DeleteUserInput{DirectoryId: new(corp), SAMAccountName: new("sales2")}); err != nil {
			t.Fatal(err)
		}
	}
}

// A request that comes twice by one token makes one user; one of them about
// something else is refused.
func TestTwoRequestsWithOneToken(t *testing.T) {
	r := newRoom(t)
	for round := range 20 {
		token := new(fmt.Sprintf("token-%d", round))
		if got := atOnce(r.hires(t, "tanaka", token), r.hires(t, "tanaka", token)); got != [2]error{} {
			t.Errorf("want both answered, got %v", got)
		}
		if err := r.fires(t)(); err != nil {
			t.Fatal(err)
		}
		another := new(fmt.Sprintf("another-%d", round))
		oneWins(t, atOnce(r.hires(t, fmt.Sprintf("sato-%d", round), another), r.hires(t, fmt.Sprintf("ito-%d", round), another)), "ConflictException")
	}
}

// Whoever is faster: who is gone is no member, and of a group that is gone nobody
// is.
func TestWhoIsGoneIsNoMember(t *testing.T) {
	r := newRoom(t)
	for range 20 {
		for _, err := range []error{r.hires(t, "tanaka", nil)(), r.groups(t)(), atOnce(r.joins(t), r.fires(t))[1]} {
			if err != nil {
				t.Fatal(err)
			}
		}
		in, err := r.ListGroupMembers(r.in(t, home, "ListGroupMembers"), &ListGroupMembersInput{DirectoryId: new(corp), SAMAccountName: new("sales")})
		if err != nil || len(in.Members) > 0 {
			t.Errorf("want nobody in the group, got %+v, %v", in, err)
		}
		for _, err := range []error{r.hires(t, "tanaka", nil)(), atOnce(r.joins(t), r.disbands(t))[1]} {
			if err != nil {
				t.Fatal(err)
			}
		}
		of, err := r.ListGroupsForMember(r.in(t, home, "ListGroupsForMember"), &ListGroupsForMemberInput{DirectoryId: new(corp), SAMAccountName: new("tanaka")})
		if err != nil || len(of.Groups) > 0 {
			t.Errorf("want tanaka in no group, got %+v, %v", of, err)
		}
		if err := r.fires(t)(); err != nil {
			t.Fatal(err)
		}
	}
}
