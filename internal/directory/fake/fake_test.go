package fake_test

import (
	"errors"
	"testing"

	"tamachi/internal/directory"
	"tamachi/internal/directory/directorytest"
	"tamachi/internal/directory/fake"
)

func TestFake(t *testing.T) {
	directorytest.Run(t, func(_ *testing.T, accounts directory.Accounts) directorytest.Subject {
		return fake.New(accounts)
	})
}

func TestPlantedFaults(t *testing.T) {
	s := fake.New(directorytest.Office())
	me := directory.Credentials{DirectoryID: directorytest.Corp.ID, Domain: directorytest.Corp.Name, UserName: "tanaka", Password: "Sesame-3"}
	s.Fail(nil, directory.ErrUnreachable)
	for i, want := range []error{nil, directory.ErrUnreachable, nil} {
		if err := s.Bind(t.Context(), me); !errors.Is(err, want) {
			t.Errorf("bind %d: want %v, got %v", i, want, err)
		}
	}
	if yes, no := s.Binds(); yes != 2 || no != 0 {
		t.Errorf("want 2 accepted binds and none refused, got %d and %d", yes, no)
	}
}

func TestRoster(t *testing.T) {
	directorytest.RunRoster(t, func(*testing.T) directory.Roster {
		return fake.NewRoster(directorytest.Corp, func(a string) bool { return a != "otherMobile" })
	})
}
