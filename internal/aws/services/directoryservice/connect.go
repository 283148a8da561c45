package directoryservice

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// connect is how a directory that the customer keeps is reached: what an AD
// Connector is given.
type connect struct {
	UserName string   `json:"userName"` // of the customer's service account
	Sealed   []byte   `json:"sealed"`   // its password
	DNS      []string `json:"dns"`
	Keys     []string `json:"keys,omitempty"` // of its servers, when it was connected
}

func connectPurpose(directoryID string) string { return "directory connector " + directoryID }

// remote is the directory behind a connector.
func (s *Service) remote(r *record) (directory.Remote, error) {
	c, err := s.connection(r)
	if err != nil {
		return nil, err
	}
	return s.ports.Remotes.Remote(c), nil
}

// connection is how a connector's directory is reached, with the password open.
func (s *Service) connection(r *record) (c directory.Connection, err error) {
	c = directory.Connection{
		DirectoryID: r.ID, Name: r.Name, DNS: r.Connect.DNS, UserName: r.Connect.UserName, Keys: r.Connect.Keys, Authorities: r.trusted(),
	}
	if c.Password, err = s.openSecret(connectPurpose(r.ID), r.Connect.Sealed); err != nil {
		return c, fmt.Errorf("open the password of the service account of %s: %w", r.ID, err)
	}
	return c, nil
}

// remoteOf returns the directory behind a connector of a scope, nil for one that
// the plane keeps; directory.ErrNoDirectory.
func (s *Service) remoteOf(ctx context.Context, sc store.Scope, directoryID string) (remote directory.Remote, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		r, err := find(tx, sc, directoryID)
		if err != nil || r.Connect == nil {
			return err
		}
		remote, err = s.remote(r)
		return err
	})
	return remote, err
}

// Person returns a user of a connected directory of the scope; ok is false for a
// directory that the plane keeps. Its errors are those of directory.Roster, and
// directory.ErrNoDirectory.
func (s *Service) Person(ctx context.Context, sc store.Scope, directoryID, name string) (a directory.Account, ok bool, err error) {
	remote, err := s.remoteOf(ctx, sc, directoryID)
	if err != nil || remote == nil {
		return a, false, err
	}
	a, err = remote.User(ctx, name)
	return a, true, err
}

// joinRemote proves the customer's service account.
func (s *Service) joinRemote(ctx context.Context, r *record) error {
	remote, err := s.remote(r)
	if err != nil {
		return err
	}
	_, _, err = remote.Probe(ctx)
	if refusal, ok := errors.AsType[*directory.Refusal](err); ok {
		return fmt.Errorf("bind as %s refused: %w", r.Connect.UserName, refusal)
	}
	return err
}

// describe is a connector's own part of the description.
func (c *connect) describe(r *record, d *types.DirectoryDescription) {
	d.DnsIpAddrs = c.DNS
	d.VpcSettings = nil
	d.ConnectSettings = &types.DirectoryConnectSettingsDescription{
		VpcId: given(r.VPCID), SubnetIds: r.SubnetIDs, AvailabilityZones: r.Zones, CustomerUserName: &c.UserName,
	}
}
