package cloudtrail

import "strings"

// resourceTypes names the CloudFormation types that the trail shows, by the
// service and the kind of resource in the ARN. A service whose ARNs name no
// kind (s3) stands with an empty one.
var resourceTypes = map[string]string{
	"workspaces:workspace":       "AWS::WorkSpaces::Workspace",
	"workspaces:workspacebundle": "AWS::WorkSpaces::Bundle",
	"workspaces:directory":       "AWS::WorkSpaces::Directory",
	"ds:directory":               "AWS::DirectoryService::Directory",
	"ssm:managed-instance":       "AWS::SSM::ManagedInstance",
	"ssm:document":               "AWS::SSM::Document",
	"ssm:parameter":              "AWS::SSM::Parameter",
	"sts:federated-user":         "AWS::STS::FederatedUser",
	"iam:user":                   "AWS::IAM::User",
	"iam:group":                  "AWS::IAM::Group",
	"iam:role":                   "AWS::IAM::Role",
	"iam:policy":                 "AWS::IAM::Policy",
	"iam:instance-profile":       "AWS::IAM::InstanceProfile",
	"iam:mfa":                    "AWS::IAM::MfaDevice",
	"kms:key":                    "AWS::KMS::Key",
	"kms:alias":                  "AWS::KMS::Alias",
	"logs:log-group":             "AWS::Logs::LogGroup",
	"cloudtrail:trail":           "AWS::CloudTrail::Trail",
	"organizations:account":      "AWS::Organizations::Account",
	"organizations:organization": "AWS::Organizations::Organization",
	"s3:":                        "AWS::S3::Bucket",
}

// resource returns the short name and the type of the resource of an ARN. The
// name of a parameter keeps its slash, as its users write it.
func resource(arnText string) (name, kind string) {
	parts := strings.SplitN(arnText, ":", 6)
	if len(parts) < 6 {
		return arnText, ""
	}
	service, rest := parts[2], parts[5]
	if service == "s3" {
		bucket, key, object := strings.Cut(rest, "/")
		if object {
			return bucket + "/" + key, "AWS::S3::Object"
		}
		return bucket, resourceTypes["s3:"]
	}
	i := strings.IndexAny(rest, "/:")
	if i < 0 {
		return rest, ""
	}
	kind = resourceTypes[service+":"+rest[:i]]
	switch name = rest[i+1:]; {
	case kind == "AWS::SSM::Parameter" && strings.Contains(name, "/"):
		name = "/" + name
	case kind == "AWS::KMS::Alias":
		name = "alias/" + name
	case kind == "AWS::Logs::LogGroup":
		name, _, _ = strings.Cut(name, ":") // :* or :log-stream: stands behind it
	case service == "iam": // the path is no part of the name
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	return name, kind
}
