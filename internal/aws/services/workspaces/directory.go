package workspaces

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// serviceAccount is the directory's account that joins desktops.
const serviceAccount = "svc-workspaces"

// Directory is the registration of a directory for desktops. What the
// directory itself knows (name, addresses) is copied at registration, as its
// own service cannot change it later.
type Directory struct {
	ID               string
	Name             string
	Alias            string
	Type             string
	DNS              []string
	SubnetIDs        []string
	UserName         string `json:",omitempty"` // of a connected directory's service account
	RegistrationCode string
	Tags             map[string]string
	RegisteredAt     time.Time
	Settings         Settings `json:",omitzero"`
	IPGroups         []string `json:",omitempty"` // ids of IP access control groups
	Group            string   `json:",omitempty"` // the security group that its desktops have
}

var directories = store.Table[Directory]{
	Name:  "workspaces.directories",
	Reach: store.Regional,
	Key:   func(d *Directory) string { return d.ID },
}

// account is the directory's account that joins desktops.
func (d *Directory) account() string {
	if d.UserName != "" {
		return d.UserName
	}
	return serviceAccount
}

// subnetFor spreads desktops over the directory's subnets by their ids.
func (d *Directory) subnetFor(desktopID string) string {
	if len(d.SubnetIDs) == 0 {
		return ""
	}
	sum := 0
	for _, c := range []byte(desktopID) {
		sum += int(c)
	}
	return d.SubnetIDs[sum%len(d.SubnetIDs)]
}

// groups are the security groups of the directory's desktops.
func (d *Directory) groups() []string {
	var out []string
	for _, id := range []string{d.Group, d.Settings.Group} {
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}

// registrationPrefixes are the Region's part of a registration code, which
// tells the client where to go.
var registrationPrefixes = map[string]string{
	"us-east-1": "SLiad", "us-west-2": "SLpdx", "eu-west-1": "SLdub", "eu-central-1": "SLfra",
	"ap-northeast-1": "SLnrt", "ap-southeast-1": "SLsin", "ap-southeast-2": "SLsyd",
}

func registrationCode(region string, ids *id.Source) string {
	prefix, ok := registrationPrefixes[region]
	if !ok {
		prefix = "SLtmc"
	}
	return prefix + "+" + ids.Upper(6)
}

// describe shows the registration as the API does. What it says of clients and
// permissions is what holds here, see the package comment.
func (d *Directory) describe(account string) types.WorkspaceDirectory {
	out := types.WorkspaceDirectory{
		DirectoryId:            &d.ID,
		DirectoryName:          &d.Name,
		DirectoryType:          types.WorkspaceDirectoryType(d.Type),
		RegistrationCode:       &d.RegistrationCode,
		SubnetIds:              d.SubnetIDs,
		DnsIpAddresses:         d.DNS,
		CustomerUserName:       new(d.account()),
		IamRoleId:              new("arn:aws:iam::" + account + ":role/workspaces_DefaultRole"),
		State:                  types.WorkspaceDirectoryStateRegistered,
		Tenancy:                types.TenancyShared,
		UserIdentityType:       types.UserIdentityTypeAwsDirectoryService,
		WorkspaceType:          types.WorkspaceTypePersonal,
		EndpointEncryptionMode: types.EndpointEncryptionModeStandardTls,
		WorkspaceCreationProperties: &types.DefaultWorkspaceCreationProperties{
			EnableInternetAccess: new(false), EnableMaintenanceMode: new(d.Settings.Maintenance), UserEnabledAsLocalAdministrator: new(d.Settings.Administrators),
			DefaultOu: api.Optional(d.Settings.DefaultOU), CustomSecurityGroupId: api.Optional(d.Settings.Group),
		},
		SelfservicePermissions:         d.Settings.selfService(),
		WorkspaceAccessProperties:      d.Settings.access(),
		IpGroupIds:                     d.IPGroups,
		WorkspaceSecurityGroupId:       api.Optional(d.Group),
		SamlProperties:                 d.Settings.SAML.describe(),
		CertificateBasedAuthProperties: &types.CertificateBasedAuthProperties{Status: types.CertificateBasedAuthStatusEnumDisabled, CertificateAuthorityArn: api.Optional(d.Settings.Authority)},
		StreamingProperties:            d.Settings.streaming(),
	}
	if d.Alias != "" {
		out.Alias = &d.Alias
	}
	return out
}

// text is the string that a member holds, empty when it is absent.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
