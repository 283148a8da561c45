package house

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/desktops"
	"tamachi/internal/webaccess"
)

// directoryPrincipal is whom a role trusts that people of a directory have.
// Source: AWS Directory Service Administration Guide, "Editing the trust
// relationship for an existing IAM role".
const directoryPrincipal = "ds.amazonaws.com"

// roleSeconds is how long such credentials are good.
const roleSeconds = 3600

// mostTag is how long the value of a session tag may be. Source: IAM User
// Guide, "Pass session tags in AWS STS".
const mostTag = 256

// delegated gives people of directories roles of IAM: the directory service
// assumes the role at the wish of a person whom their password proved. Who may
// have which role is what the role's trust policy says of the session's tags
// Directory, User and Groups, and of aws:SourceArn, the directory.
type delegated struct {
	lobby
	h *House
}

var _ webaccess.Roles = delegated{}

// Assume proves a person as SignIn does, and assumes the role.
func (d delegated) Assume(ctx context.Context, in desktops.SignIn, role string) (desktops.RoleKey, error) {
	at, err := d.door(ctx, in.Code)
	if err != nil {
		return desktops.RoleKey{}, err
	}
	name, err := d.directories.Prove(ctx, at.scope(), at.DirectoryID, plain(in.User), in.Password, in.OneTime)
	if err := d.judge(ctx, at, in, name, err); err != nil {
		return desktops.RoleKey{}, err
	}
	at.UserName = name
	who, err := groups{d.h}.Subject(ctx, at.Account, at.Region, at.DirectoryID, name)
	if err != nil {
		return desktops.RoleKey{}, fmt.Errorf("find the groups of a person: %w", err)
	}
	place := arn.New("ds", at.Region, at.Account, "directory/"+at.DirectoryID)
	as := d.h.gate.As(directoryPrincipal).For(place.String()).Serving(name+" of "+at.DirectoryID, in.Client)
	out, err := as.Do(ctx, at.Account, at.Region, "sts", "AssumeRole", &sts.AssumeRoleInput{
		RoleArn:         aws.String(arn.New("iam", "", at.Account, "role/"+role).String()),
		RoleSessionName: aws.String(sessionName(name)), DurationSeconds: aws.Int32(roleSeconds),
		Tags: []types.Tag{tag("Directory", at.DirectoryID), tag("User", name), tag("Groups", listed(who.Groups))},
	})
	if said, ok := errors.AsType[smithy.APIError](err); ok && said.ErrorFault() != smithy.FaultServer {
		return desktops.RoleKey{}, fmt.Errorf("%w: %w", desktops.ErrNoRole, err)
	}
	if err != nil {
		return desktops.RoleKey{}, fmt.Errorf("assume a role for a person: %w", err)
	}
	c := out.(*sts.AssumeRoleOutput).Credentials
	return desktops.RoleKey{
		AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken,
		Region: at.Region, Expires: *c.Expiration,
	}, nil
}

func tag(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }

// listed writes groups as ":a:b:", so that a policy finds one with "*:a:*".
// Groups that find no room are left out: who has too many may have less.
func listed(names []string) string {
	text := ":"
	for _, n := range names {
		if len([]rune(text))+len([]rune(n))+1 > mostTag || strings.ContainsFunc(n, unfit) {
			continue
		}
		text += n + ":"
	}
	return text
}

// unfit tells whether a character would make one group look like two.
func unfit(r rune) bool { return r == ':' || r == '*' || r == '?' }

// sessionName makes a user name fit to name a session of a role.
func sessionName(user string) string {
	fit := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("_+=,.@-", r) {
			return r
		}
		return '-'
	}, user)
	return (fit + "--")[:max(2, min(len(fit), 64))]
}
