package directoryservice

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/directory"
	"tamachi/internal/directory/sambatest"
)

// judge is a RADIUS server.
type judge func() (bool, error)

func (j judge) Judge(context.Context, directory.Radius, string, string) (bool, error) { return j() }

// What is found out about settings of RADIUS says nothing about those that were
// given meanwhile.
func TestSettingsOfRadiusChangeWhileTheyAreTried(t *testing.T) {
	r := newRoom(t)
	r.customer(t)
	id := r.connect(t, "Sesame-7")
	first := &types.RadiusSettings{RadiusServers: []string{"10.0.0.7"}, SharedSecret: new("sesame-opens"), AuthenticationProtocol: types.RadiusAuthenticationProtocolPap}
	if _, err := r.EnableRadius(in(t, home), &ds.EnableRadiusInput{DirectoryId: &id, RadiusSettings: first}); err != nil {
		t.Fatal(err)
	}
	status := func(want types.RadiusStatus) {
		t.Helper()
		r.upkeep(t)
		out, err := r.describe(t, home, id)
		if err != nil || out.DirectoryDescriptions[0].RadiusStatus != want {
			t.Errorf("want %s, got %+v, %v", want, out, err)
		}
	}
	r.ports.Codes = judge(func() (bool, error) {
		_, err := r.UpdateRadius(in(t, home), &ds.UpdateRadiusInput{DirectoryId: &id, RadiusSettings: &types.RadiusSettings{RadiusServers: []string{"10.0.0.8"}}})
		if err != nil {
			t.Error(err)
		}
		return false, nil // says the first server
	})
	status(types.RadiusStatusCreating)
	r.ports.Codes = judge(func() (bool, error) { return false, directory.ErrUnreachable })
	status(types.RadiusStatusFailed)
}

// forgetting does something when a look at LDAPS is over.
type forgetting struct {
	directory.Remotes
	then func()
}

func (f forgetting) Forget(string) { f.then() }

// A look at LDAPS says nothing about certificates that came meanwhile.
func TestCertificatesChangeWhileLDAPSIsTried(t *testing.T) {
	r := newRoom(t)
	d := r.customer(t)
	id := r.connect(t, "Sesame-7")
	r.upkeep(t)
	register := func() (text string) {
		_, cert := sambatest.Certificate(t)
		if _, err := r.RegisterCertificate(in(t, home), &ds.RegisterCertificateInput{DirectoryId: &id, CertificateData: new(string(cert))}); err != nil {
			t.Error(err)
		}
		return string(cert)
	}
	status := func(want types.LDAPSStatus) {
		t.Helper()
		r.upkeep(t)
		got, err := r.DescribeLDAPSSettings(in(t, home), &ds.DescribeLDAPSSettingsInput{DirectoryId: &id})
		if err != nil || got.LDAPSSettingsInfo[0].LDAPSStatus != want {
			t.Errorf("want %s, got %+v, %v", want, got, err)
		}
	}
	register()
	if _, err := r.EnableLDAPS(in(t, home), &ds.EnableLDAPSInput{DirectoryId: &id, Type: types.LDAPSTypeClient}); err != nil {
		t.Fatal(err)
	}
	remotes := r.ports.Remotes
	r.ports.Remotes = forgetting{remotes, func() { d.Authority = register() }}
	status(types.LDAPSStatusEnabling)
	r.ports.Remotes = remotes
	status(types.LDAPSStatusEnabled)
}

// oneWins makes two calls at once, of which exactly one is refused, by that code.
func oneWins(t *testing.T, code string, one, other func() error) {
	t.Helper()
	var got [2]error
	var wg sync.WaitGroup
	wg.Go(func() { got[0] = one() })
	wg.Go(func() { got[1] = other() })
	wg.Wait()
	if (got[0] == nil) == (got[1] == nil) {
		t.Errorf("want one of two done, got %v", got)
		return
	}
	wantCode(t, errors.Join(got[0], got[1]), code, "")
}

// Of two who want the same of directories at once one has it, and the other is
// told by the model's error.
func TestTwoWhoWantTheSameDirectory(t *testing.T) {
	r := newRoom(t)
	var ids []string
	for range limits()[types.DirectoryTypeSimpleAd] - 1 {
		ids = append(ids, r.create(t, home))
	}
	create := func() error {
		out, err := r.CreateDirectory(in(t, home), simple())
		if err == nil {
			ids = append(ids, *out.DirectoryId) // one of the two
		}
		return err
	}
	alias := func(id, name string) func() error {
		return func() error {
			_, err := r.CreateAlias(in(t, home), &ds.CreateAliasInput{DirectoryId: &id, Alias: &name})
			return err
		}
	}
	remove := func(id string) func() error {
		return func() error {
			_, err := r.DeleteDirectory(in(t, home), &ds.DeleteDirectoryInput{DirectoryId: &id})
			return err
		}
	}
	tagged := func(id, key string) func() error {
		return func() error {
			var tags []types.Tag
			for i := range maxTags - 1 {
				tags = append(tags, types.Tag{Key: new(fmt.Sprintf("%s%d", key, i)), Value: new("")})
			}
			_, err := r.AddTagsToResource(in(t, home), &ds.AddTagsToResourceInput{ResourceId: &id, Tags: tags})
			return err
		}
	}
	for round := range 5 {
		oneWins(t, "DirectoryLimitExceededException", create, create)
		one, last := ids[0], ids[len(ids)-1]
		name := fmt.Sprintf("office-%d", round)
		oneWins(t, "EntityAlreadyExistsException", alias(last, name), alias(ids[1], name))
		oneWins(t, "TagLimitExceededException", tagged(last, "a"), tagged(last, "b"))
		oneWins(t, "EntityDoesNotExistException", remove(one), remove(one))
		ids = ids[1:]
	}
}
