package house

import (
	"context"
	"errors"
	"fmt"

	"tamachi/internal/aws/services/directoryservice"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/directory"
	"tamachi/internal/directory/connector"
	"tamachi/internal/directory/embedded"
	"tamachi/internal/directory/ldap"
	"tamachi/internal/directory/radius"
	"tamachi/internal/engine/provision"
	"tamachi/internal/store"
)

// directories are the two rooms of directories and the server that answers
// LDAP for them.
type directories struct {
	*directoryservice.Service // what the rooms of users ask
	users                     *directoryservicedata.Service
	server                    *embedded.Server
	networks                  directoryservice.Networks
	remotes                   *connector.Pool
}

// Site asks the room of networks, which in turn asks the one of directories.
func (d *directories) Site(tx *store.Tx, sc store.Scope, subnet string) (vpc, zone string, err error) {
	return d.networks.Site(tx, sc, subnet)
}

// openDirectories furnishes the rooms of directories. Each asks the other, so
// one of them knows the other by d, which is filled last.
func (h *House) openDirectories() *directories {
	d := &directories{remotes: connector.New(h.o.Clock, connector.DefaultTimeout)}
	d.users = directoryservicedata.New(h.store, h.o.IDs, h.o.Clock, directoryservicedata.Ports{Directories: d})
	d.server = embedded.New(d.users, h.ca.TLS(), embedded.DefaultLimits(), h.o.Log)
	d.Service = directoryservice.New(h.store, h.o.IDs, h.o.Clock, directoryservice.Ports{
		Users: d.users, Server: ldap.New(d.server.Endpoint, h.o.Clock, ldap.DefaultTimeout), Box: h.box, Remotes: d.remotes, Codes: radius.New(h.o.IDs), Networks: d,
	})
	return d
}

var _ workspaces.People = (*people)(nil)

// people shows directories and users to the room of the desktops.
type people struct{ d *directories }

// Directory returns a directory of the scope.
func (p people) Directory(tx *store.Tx, sc store.Scope, id string) (workspaces.DirectoryFacts, error) {
	f, err := p.d.FactsIn(tx, sc, id)
	if errors.Is(err, directory.ErrNoDirectory) {
		return workspaces.DirectoryFacts{}, workspaces.ErrNoDirectory
	}
	return workspaces.DirectoryFacts{
		Name: f.Name, Alias: f.Alias, Type: workspacesType(f.Type), UserName: f.UserName, Active: f.Stage == "Active", DNS: f.DNS, SubnetIDs: f.SubnetIDs,
	}, err
}

// workspacesType is what WorkSpaces calls a type of directory.
func workspacesType(t string) string {
	if t == "ADConnector" {
		return "AD_CONNECTOR"
	}
	return "SIMPLE_AD"
}

// Elsewhere asks a connected directory for users.
func (p people) Elsewhere(ctx context.Context, sc store.Scope, id string, names []string) (map[string]string, bool, error) {
	written := map[string]string{}
	for _, name := range names {
		a, ok, err := p.d.Person(ctx, sc, id, name)
		_, refused := errors.AsType[*directory.Refusal](err)
		switch {
		case errors.Is(err, directory.ErrNoDirectory):
			return nil, false, nil // said in the transaction
		case errors.Is(err, directory.ErrUnreachable), refused:
			return nil, true, fmt.Errorf("%w: %w", workspaces.ErrAway, err)
		case errors.Is(err, directory.ErrNoUser):
			continue
		case err != nil || !ok:
			return nil, false, err
		}
		written[name] = a.SAMAccountName
	}
	return written, true, nil
}

// User finds a user by name.
func (p people) User(tx *store.Tx, sc store.Scope, id, name string) (string, bool, error) {
	return p.d.users.User(tx, sc, id, name)
}

// Employ makes the service account.
func (p people) Employ(tx *store.Tx, sc store.Scope, id, account string) error {
	return p.d.MakeServiceAccount(tx, sc, id, account)
}

// Dismiss removes it.
func (p people) Dismiss(tx *store.Tx, sc store.Scope, id string) error {
	return p.d.RemoveServiceAccount(tx, sc, id)
}

var _ provision.Directories = (*join)(nil)

// join is the way by which new desktops join their directory.
type join struct {
	d      *directories
	domain string // of the plane's names
}

// Names are the directory's id below the plane's domain, under which it answers
// LDAP, and its own domain.
func (j join) Names(ctx context.Context, account, region, id string) ([]string, error) {
	f, err := j.d.Facts(ctx, store.In(account, region), id)
	if err != nil || f.Type == "ADConnector" {
		return nil, err
	}
	return []string{id + "." + region + "." + j.domain, f.Name}, nil
}

// Join binds as the directory's service account.
func (j join) Join(ctx context.Context, account, region, id string) error {
	return j.d.Service.Join(ctx, store.In(account, region), id)
}
