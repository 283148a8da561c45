package guard

import (
	"strconv"
	"time"

	"tamachi/internal/policy"
)

// mode is how a call was made, or might have been.
type mode int

const (
	direct        mode = iota // by the caller, who knows the address
	forwarded                 // by a service with the caller's session
	byRole                    // by a service with a role that it was given
	byServiceRole             // by a service with its service-linked role
)

// circumstances answer condition keys from a record. Only what the record
// vouches for is known.
type circumstances struct {
	r   *Record
	how mode
}

var _ policy.Context = circumstances{}

// Values returns the values of a condition key in lower case. Source: IAM User
// Guide, "AWS global condition context keys".
func (c circumstances) Values(key string) (values []string, known bool) {
	r := c.r
	switch key {
	case "aws:sourceip":
		return present(r.address()), true
	case "aws:viaawsservice":
		return []string{strconv.FormatBool(c.how == forwarded)}, true
	case "aws:calledvia", "aws:calledviafirst", "aws:calledvialast":
		if c.how != forwarded {
			return nil, true
		}
		return present(r.via()), true
	case "aws:currenttime":
		return []string{r.EventTime.UTC().Format(time.RFC3339)}, true
	case "aws:epochtime":
		return []string{strconv.FormatInt(r.EventTime.Unix(), 10)}, true
	case "aws:requestedregion":
		return present(r.AWSRegion), r.AWSRegion != ""
	case "aws:useragent":
		return present(r.UserAgent), true
	case "aws:securetransport":
		return []string{"true"}, r.TLS
	case "aws:sourcevpce":
		return present(r.VPCEndpointID), true
	case "aws:principalarn":
		return present(r.principal()), c.how == direct || c.how == forwarded
	case "aws:principalaccount":
		return present(r.UserIdentity.AccountID), true
	case "aws:principaltype":
		return present(principalTypes[r.UserIdentity.Type]), principalTypes[r.UserIdentity.Type] != ""
	case "aws:username":
		if r.UserIdentity.Type != "IAMUser" {
			return nil, true
		}
		return present(r.UserIdentity.UserName), true
	case "aws:userid":
		return present(r.UserIdentity.PrincipalID), true
	case "aws:multifactorauthpresent":
		return present(r.UserIdentity.MFA), true
	case "aws:tokenissuetime":
		return present(r.UserIdentity.Issued), true
	case "aws:principalisawsservice":
		return []string{"false"}, true
	}
	return nil, false
}

// principalTypes are the values of aws:PrincipalType. Source: IAM User Guide,
// "IAM policy elements: Variables and tags", the table of principal values.
var principalTypes = map[string]string{"IAMUser": "User", "AssumedRole": "AssumedRole", "FederatedUser": "FederatedUser", "Root": "Account"}

func present(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// who is the caller as policies name it.
func (r *Record) who(how mode) policy.Who {
	id := r.UserIdentity
	w := policy.Who{Account: id.AccountID, ARN: id.ARN, ID: id.PrincipalID}
	switch id.Type {
	case "Root":
		w.Kind = policy.Root
	case "IAMUser":
		w.Kind = policy.User
	case "FederatedUser":
		w.Kind, w.Behind = policy.FederatedUser, id.Issuer
	default:
		w.Kind, w.Behind = policy.RoleSession, id.Issuer
	}
	switch how {
	case byRole: // whichever role it is: a session of the account
		w.Kind, w.ARN, w.ID = policy.RoleSession, "arn:aws:sts::"+id.AccountID+":assumed-role/service-role/"+r.via(), ""
		w.Behind = "arn:aws:iam::" + id.AccountID + ":role/service-role"
	case byServiceRole:
		w.Kind, w.ID = policy.RoleSession, ""
		w.ARN = "arn:aws:sts::" + id.AccountID + ":assumed-role/AWSServiceRole/" + r.via()
		w.Behind = "arn:aws:iam::" + id.AccountID + ":role/aws-service-role/" + r.via() + "/AWSServiceRole"
	case direct, forwarded:
	}
	return w
}
