package directoryservice

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// CreateDirectory makes a directory with its administrator.
func (s *Service) CreateDirectory(ctx context.Context, in *ds.CreateDirectoryInput) (*ds.CreateDirectoryOutput, error) {
	call := api.CallFrom(ctx)
	r, err := s.newRecord(call, order{
		name: *in.Name, short: in.ShortName, description: in.Description, vpc: in.VpcSettings, network: in.NetworkType, tags: in.Tags,
	})
	if err != nil {
		return nil, err
	}
	r.Size = string(in.Size)
	sealed, err := s.ports.Users.Seal(ctx, *in.Password)
	if err != nil {
		return nil, fmt.Errorf("seal the administrator's password: %w", err)
	}
	if err := s.st.Update(ctx, func(tx *store.Tx) error { return s.found(tx, call, r, directory.Administrator, sealed) }); err != nil {
		return nil, err
	}
	return &ds.CreateDirectoryOutput{DirectoryId: &r.ID}, nil
}

// found makes a new directory with its administrator.
func (s *Service) found(tx *store.Tx, call *api.Call, r *record, administrator, sealed string) error {
	if err := s.admit(tx, call, r); err != nil {
		return err
	}
	if err := directories.Put(tx, store.In(call.Place()), r); err != nil {
		return err
	}
	return s.ports.Users.Enrol(tx, store.In(call.Place()), r.domain(), administrator, sealed)
}

// order is what a new directory shall be, of either kind.
type order struct {
	name               string
	short, description *string
	vpc                *types.DirectoryVpcSettings
	network            types.NetworkType
	tags               []types.Tag
}

// creatable checks what the model cannot.
func creatable(call *api.Call, in order) error {
	switch v := in.vpc; {
	case v != nil && (len(v.SubnetIds) != 2 || v.SubnetIds[0] == v.SubnetIds[1]):
		return badSubnets(call)
	case in.network != "" && in.network != types.NetworkTypeIpv4Only:
		return badParameter(call, "NetworkType %s is not available here: the directory server answers on IPv4.", in.network)
	case len(in.name) > maxDomain || longLabel(in.name):
		return badParameter(call, "Name %s is no domain name: a label has at most 63 characters, the name %d.", in.name, maxDomain)
	case in.short != nil && strings.ContainsFunc(*in.short, unicode.IsControl):
		return badParameter(call, "ShortName has a control character.")
	case in.short != nil && len(*in.short) > maxShortName:
		return badParameter(call, "ShortName %s is longer than %d characters.", *in.short, maxShortName)
	}
	return uniqueTags(call, in.tags)
}

const (
	maxDomain    = 64 // of Active Directory
	maxShortName = 15 // of NetBIOS
)

func longLabel(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return true
		}
	}
	return strings.Contains(name, `\`)
}

// maxTags is how many tags a directory may have. Source: AWS Directory Service
// API Reference, AddTagsToResource.
const maxTags = 50

func uniqueTags(call *api.Call, tags []types.Tag) error {
	if len(tags) > maxTags {
		return badParameter(call, "A directory can have at most %d tags.", maxTags)
	}
	seen := make(map[string]bool, len(tags))
	for _, t := range tags {
		if seen[*t.Key] {
			return badParameter(call, "The tag key %s is given more than once.", *t.Key)
		}
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return badParameter(call, "The tag key %s begins with aws:, which is reserved.", *t.Key)
		}
		seen[*t.Key] = true
	}
	return nil
}

// newRecord is the directory as it will be. The NetBIOS name is the first label
// of the domain unless it is given, as on AWS.
func (s *Service) newRecord(call *api.Call, in order) (*record, error) {
	if err := creatable(call, in); err != nil {
		return nil, err
	}
	r := &record{
		Name: in.name, SID: s.sid(),
		Stage: string(types.DirectoryStageActive), StageSince: call.Time, Created: call.Time,
	}
	if v := in.vpc; v != nil {
		r.VPCID, r.SubnetIDs = *v.VpcId, v.SubnetIds
	}
	first, _, _ := strings.Cut(r.Name, ".")
	r.ShortName = strings.ToUpper(first[:min(len(first), maxShortName)])
	if in.short != nil {
		r.ShortName = *in.short
	}
	if in.description != nil {
		r.Description = *in.description
	}
	for _, t := range in.tags {
		r.Tags = append(r.Tags, tag{*t.Key, *t.Value})
	}
	return r, nil
}

// sid makes the security identifier of a domain: S-1-5-21 and 96 random bits.
func (s *Service) sid() string {
	b := s.ids.Bytes(12)
	return fmt.Sprintf("S-1-5-21-%d-%d-%d",
		binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:]))
}

// unique gives a directory an id that no other of the whole plane has, for the
// directory server tells them apart by nothing else.
func (s *Service) unique(tx *store.Tx, r *record) error {
	for range 8 {
		r.ID = "d-" + s.ids.Hex(10)
		have, err := directories.Everywhere(tx, "id", r.ID)
		if err != nil || len(have) == 0 {
			return err
		}
	}
	return errors.New("no free directory id in eight tries")
}

func (s *Service) createDirectoryChecks(_ context.Context, in *ds.CreateDirectoryInput) ([]api.Check, error) {
	return giving(api.OnAny("ds:CreateDirectory"), in.Tags), nil
}
