package directoryservice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// radius is how the servers are reached that judge a directory's second factors.
type radius struct {
	Servers  []string `json:"servers"`
	Port     int32    `json:"port"`
	Timeout  int32    `json:"timeout"` // seconds
	Retries  int32    `json:"retries"`
	Protocol string   `json:"protocol"`
	Label    string   `json:"label,omitempty"`
	SameName bool     `json:"sameName,omitempty"` // AWS: not currently used
	Sealed   []byte   `json:"sealed"`             // the shared secret
	Status   string   `json:"status"`
}

// What holds where nothing is given: the port of RFC 2865.
const (
	radiusPort    = 1812
	radiusTimeout = 5
)

func radiusPurpose(directoryID string) string { return "directory radius " + directoryID }

// radiusOf checks settings and seals their secret; former is what an update
// leaves where nothing is given.
func (s *Service) radiusOf(call *api.Call, directoryID string, in *types.RadiusSettings, former *radius) (*radius, error) {
	r := radius{Port: radiusPort, Timeout: radiusTimeout, Protocol: string(types.RadiusAuthenticationProtocolPap)}
	if former != nil {
		r = *former
	}
	if servers := append(append([]string(nil), in.RadiusServers...), in.RadiusServersIpv6...); len(servers) > 0 {
		r.Servers = servers
	}
	r.Port, r.Timeout = *cmp.Or(in.RadiusPort, &r.Port), *cmp.Or(in.RadiusTimeout, &r.Timeout)
	r.Retries = cmp.Or(in.RadiusRetries, r.Retries) // none given and zero given are not told apart
	if in.AuthenticationProtocol != "" {
		r.Protocol = string(in.AuthenticationProtocol)
	}
	if in.DisplayLabel != nil {
		r.Label = *in.DisplayLabel
	}
	r.SameName = in.UseSameUsername
	switch {
	case len(r.Servers) == 0:
		return nil, badParameter(call, "RadiusServers is required.")
	case r.Protocol != string(types.RadiusAuthenticationProtocolPap) && r.Protocol != string(types.RadiusAuthenticationProtocolChap):
		return nil, badParameter(call, "AuthenticationProtocol can be PAP or CHAP here; MS-CHAP is not spoken.")
	case in.SharedSecret == nil && former == nil:
		return nil, badParameter(call, "SharedSecret is required.")
	}
	if in.SharedSecret != nil {
		var err error
		if r.Sealed, err = s.sealSecret(radiusPurpose(directoryID), *in.SharedSecret); err != nil {
			return nil, fmt.Errorf("seal the shared secret of %s: %w", directoryID, err)
		}
	}
	r.Status = string(types.RadiusStatusCreating)
	return &r, nil
}

// mayHaveRadius refuses a kind of directory that has no RADIUS on AWS.
func mayHaveRadius(call *api.Call, r *record) error {
	if r.kind() == types.DirectoryTypeSimpleAd {
		return badParameter(call, "RADIUS is for AD Connector and Microsoft AD directories; %s is of another type.", r.ID)
	}
	return nil
}

// servers are the settings with their secret open.
func (s *Service) servers(r *record) (out directory.Radius, err error) {
	out = directory.Radius{
		Servers: r.Radius.Servers, Port: int(r.Radius.Port), Timeout: time.Duration(r.Radius.Timeout) * time.Second, Retries: int(r.Radius.Retries),
		CHAP: r.Radius.Protocol == string(types.RadiusAuthenticationProtocolChap),
	}
	if out.Secret, err = s.openSecret(radiusPurpose(r.ID), r.Radius.Sealed); err != nil {
		return out, fmt.Errorf("open the shared secret of %s: %w", r.ID, err)
	}
	return out, nil
}

// judge asks the servers for a code. That they do not answer lets nobody in.
func (s *Service) judge(ctx context.Context, r *record, user, code string) error {
	if code == "" {
		return directory.ErrCodeNeeded
	}
	to, err := s.servers(r)
	if err != nil {
		return err
	}
	good, err := s.ports.Codes.Judge(ctx, to, user, code)
	if err == nil && !good {
		err = directory.ErrWrongCode
	}
	return err
}

// probed is the user whom a look at new settings asks for; nobody is called so.
const probedUser = "tamachi-connection-test"

// probeRadius looks whether new settings reach a server that knows the secret:
// any answer of it will do, and it will be no.
func (s *Service) probeRadius(ctx context.Context, sc store.Scope, seen *record) error {
	to, err := s.servers(seen)
	if err != nil {
		return err
	}
	to.Timeout, to.Retries = min(to.Timeout, 5*time.Second), min(to.Retries, 1)
	_, failure := s.ports.Codes.Judge(ctx, to, probedUser, "000000")
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, sc, seen.ID)
		if errors.Is(err, directory.ErrNoDirectory) {
			return nil
		}
		if err != nil || !reflect.DeepEqual(r.Radius, seen.Radius) {
			return err // changed meanwhile
		}
		now := *r.Radius
		now.Status = string(types.RadiusStatusCompleted)
		if failure != nil {
			now.Status = string(types.RadiusStatusFailed)
		}
		r.Radius = &now
		return directories.Put(tx, sc, r)
	})
}

// describe is what is shown: everything but the secret.
func (r *radius) describe(d *types.DirectoryDescription) {
	d.RadiusStatus = types.RadiusStatus(r.Status)
	d.RadiusSettings = &types.RadiusSettings{
		RadiusServers: r.Servers, RadiusPort: &r.Port, RadiusTimeout: &r.Timeout, RadiusRetries: r.Retries,
		AuthenticationProtocol: types.RadiusAuthenticationProtocol(r.Protocol), DisplayLabel: given(r.Label), UseSameUsername: r.SameName,
	}
}

// changeRadius changes a directory's settings in one update.
func (s *Service) changeRadius(ctx context.Context, call *api.Call, directoryID string, change func(*record) error) error {
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), directoryID)
		if err != nil {
			return err
		}
		if err := mayHaveRadius(call, r); err != nil {
			return err
		}
		if err := change(r); err != nil {
			return err
		}
		return directories.Put(tx, store.In(call.Place()), r)
	})
	if errors.Is(err, directory.ErrNoDirectory) {
		return missing(call, directoryID)
	}
	return err
}

// noRadius says that a directory has no settings to change.
func noRadius(call *api.Call, directoryID string) error {
	return &types.EntityDoesNotExistException{Message: say("RADIUS is not enabled for the directory %s.", directoryID), RequestId: &call.RequestID}
}
